"""The page of memories: what is remembered, and what people do with it."""
