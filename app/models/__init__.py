"""Which models and roles there are."""
