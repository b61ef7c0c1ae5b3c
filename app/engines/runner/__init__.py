"""The engine of our own: one process, one model, one thread that owns the context."""
