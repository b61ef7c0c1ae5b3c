"""The page of models: what is here, what can be had, what is coming, and who plays which role."""
