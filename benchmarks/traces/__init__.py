"""Traces: questions that a weak and a strong model have answered, and who was right."""
