-- Pinned memories are recalled with every question; without this, finding the few of them reads all.
CREATE INDEX memories_pinned ON memories (scope_id) WHERE pinned;
