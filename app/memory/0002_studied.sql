-- How far who learns from turns has looked at them: the id of the last one.
CREATE TABLE looked (
    learner TEXT PRIMARY KEY,
    mark INTEGER NOT NULL
) STRICT;

-- Sentences a model was given out of memory, since when: who only repeats them teaches nothing.
CREATE TABLE recited (
    digest TEXT PRIMARY KEY,
    at REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX recited_by_time ON recited (at);

CREATE INDEX memories_by_conversation ON memories (conversation_id) WHERE conversation_id != '';

-- Folders and documents that are kept as knowledge; `why` says what is wrong with one, '' for nothing.
CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    scope TEXT NOT NULL,
    ignored TEXT NOT NULL,
    added REAL NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    UNIQUE (path, scope)
) STRICT;

CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    modified INTEGER NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    gone INTEGER NOT NULL DEFAULT 0,
    UNIQUE (collection_id, place)
) STRICT;

-- Which passages a document has. One the user has deleted leaves a row without a memory, and does not come back
-- by itself. One the document has no more has a number below 0 until it is deleted.
CREATE TABLE document_passages (
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    memory_id INTEGER REFERENCES memories (id) ON DELETE SET NULL,
    PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_passages_by_memory ON document_passages (memory_id);
