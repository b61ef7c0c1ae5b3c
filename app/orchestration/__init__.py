"""A turn from the user's words to the final answer."""
