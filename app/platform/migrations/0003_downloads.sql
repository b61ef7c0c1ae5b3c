-- The queue of downloads. How far each file is lies beside the file itself, in the table of its pieces.
CREATE TABLE downloads (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    folder TEXT NOT NULL,
    state TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- Every file is whole and is what it should be; only the names are missing.
    verified INTEGER NOT NULL DEFAULT 0,
    code TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    remedy TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE download_parts (
    download_id TEXT NOT NULL REFERENCES downloads (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    size INTEGER,
    sha256 TEXT,
    PRIMARY KEY (download_id, number)
) STRICT;
