-- Memory of models, by file and way of loading: what the header promised, what was seen, how long the load took.
CREATE TABLE footprints (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    predicted INTEGER NOT NULL,
    measured INTEGER NOT NULL,
    load_s REAL NOT NULL
) STRICT;
