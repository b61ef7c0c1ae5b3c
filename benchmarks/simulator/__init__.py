"""Whole days of questions on a virtual clock: the program's own core on models that are numbers."""
