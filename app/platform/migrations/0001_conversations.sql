-- Chats: a tree of messages per conversation; answers to the same parent are versions of one another.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT '',
    created REAL NOT NULL,
    updated REAL NOT NULL,
    leaf_id TEXT REFERENCES messages (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    -- No cascade along the thread: a long chat would exceed SQLite's depth of triggers.
    parent_id TEXT REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    created REAL NOT NULL,
    receipt TEXT,
    error TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX messages_by_conversation ON messages (conversation_id, position);
CREATE INDEX messages_by_parent ON messages (parent_id, position);
CREATE INDEX messages_streaming ON messages (state) WHERE state = 'streaming';
CREATE INDEX conversations_by_time ON conversations (updated DESC);
