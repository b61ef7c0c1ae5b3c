-- The library: folders and files the user has added, and what was read of each model, so that only what changed is read again.
-- Paths are kept as the bytes the system knows them by; not every name is text.
CREATE TABLE library_folders (
    path BLOB PRIMARY KEY,
    added REAL NOT NULL
) STRICT;

CREATE TABLE library_models (
    path BLOB PRIMARY KEY,
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    card TEXT NOT NULL,
    problem TEXT NOT NULL,
    digests TEXT NOT NULL
) STRICT;
