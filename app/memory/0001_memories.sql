-- Memories are the truth; everything that makes them findable (views, their words, vectors, index files) is derived from them.
-- An id is never used twice: a vector that outlived its memory must not stand for another one.
CREATE TABLE memories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    scope_id INTEGER NOT NULL REFERENCES scopes (id),
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    trust TEXT NOT NULL,
    status TEXT NOT NULL,
    speaker TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    place TEXT NOT NULL,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    event_at REAL,
    expires_at REAL,
    pinned INTEGER NOT NULL,
    importance REAL NOT NULL,
    confidence REAL NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    used_at REAL,
    -- How often these words were told.
    told INTEGER NOT NULL DEFAULT 1,
    -- What it is meant to replace, which happens when it becomes active.
    supersedes INTEGER REFERENCES memories (id) ON DELETE SET NULL,
    -- What did replace it: not null where and only where the status is "superseded".
    replaced_by INTEGER REFERENCES memories (id) ON DELETE SET NULL,
    -- What was said before it, for its wider view.
    before TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;

CREATE INDEX memories_by_digest ON memories (scope_id, digest);
CREATE INDEX memories_by_message ON memories (message_id);
CREATE INDEX memories_by_status ON memories (status, scope_id);
CREATE INDEX memories_by_supersedes ON memories (supersedes);
CREATE INDEX memories_by_created ON memories (created);
CREATE INDEX memories_by_replaced ON memories (replaced_by);
CREATE INDEX memories_by_end ON memories (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE scopes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- What is searched: a turn by itself ("t") and with what was said before it ("w"). Only active memories have views.
-- `tag` holds scope and view as one word, so that a search is bound to both inside the words' own index.
CREATE TABLE views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    memory_id INTEGER NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
    scope_id INTEGER NOT NULL,
    view TEXT NOT NULL CHECK (view IN ('t', 'w')),
    text TEXT NOT NULL,
    tag TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;

CREATE INDEX views_by_memory ON views (memory_id);
CREATE INDEX views_by_seq ON views (scope_id, seq);

CREATE VIRTUAL TABLE words USING fts5 (
    text, tag, content='views', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2"
);

CREATE TRIGGER views_added AFTER INSERT ON views BEGIN
    INSERT INTO words (rowid, text, tag) VALUES (new.id, new.text, new.tag);
END;

CREATE TRIGGER views_removed AFTER DELETE ON views BEGIN
    INSERT INTO words (words, rowid, text, tag) VALUES ('delete', old.id, old.text, old.tag);
END;

-- Models that make vectors: `id` is the hash of the file. One serves, another may be under way.
CREATE TABLE embedders (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    serves INTEGER NOT NULL DEFAULT 0
) STRICT;

-- 16-bit floats, of length 1.
CREATE TABLE vectors (
    view_id INTEGER NOT NULL REFERENCES views (id) ON DELETE CASCADE,
    embedder INTEGER NOT NULL REFERENCES embedders (number) ON DELETE CASCADE,
    vector BLOB NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (view_id, embedder)
) STRICT, WITHOUT ROWID;

CREATE INDEX vectors_by_seq ON vectors (embedder, seq);

-- Views that are gone, for index files that still hold them.
CREATE TABLE gone (
    view_id INTEGER PRIMARY KEY,
    scope_id INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;

CREATE INDEX gone_by_seq ON gone (scope_id, seq);

-- What people and the program did to memories, for the time line: JSON of what changed. Of a memory
-- that was deleted nothing is left here but that it was. A memory's beginning is in its own row.
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    act TEXT NOT NULL,
    memory_id INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
) STRICT;

CREATE INDEX history_by_memory ON history (memory_id);
CREATE INDEX history_by_time ON history (at);

-- How far the memory of a chat reaches, where it is not as the settings say.
CREATE TABLE chats (
    conversation_id TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    folder TEXT NOT NULL
) STRICT;

-- `unclean`: something was deleted whose bytes may still be in the file or its log.
CREATE TABLE counter (seq INTEGER NOT NULL, unclean INTEGER NOT NULL) STRICT;
INSERT INTO counter (seq, unclean) VALUES (0, 0);
