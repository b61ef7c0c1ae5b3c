"""Grammars: what an answer may look like, from JSON schemas to the library's sampler."""
