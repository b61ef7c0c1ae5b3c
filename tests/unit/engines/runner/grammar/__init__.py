"""Tests of the grammars."""
