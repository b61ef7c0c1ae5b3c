"""Echelon: several local language models working as one."""

__version__ = "0.1.0"
