-- How fast models read and write here, by the id of their bytes. Their load and memory are in footprints.
CREATE TABLE benchmarks (
    model_id TEXT PRIMARY KEY,
    rates TEXT NOT NULL
) STRICT;
