"""Memories found by meaning: indexes that can be thrown away at any time and are made again."""
