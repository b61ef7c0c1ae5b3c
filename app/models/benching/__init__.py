"""Measures a model on this computer, through the engine that answers with it."""
