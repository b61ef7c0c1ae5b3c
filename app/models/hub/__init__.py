"""A hub of models over its public API: search, files, cards, and headers before a download."""
