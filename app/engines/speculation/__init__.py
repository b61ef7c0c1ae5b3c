"""Drafting candidate tokens and verifying them against the model that answers."""
