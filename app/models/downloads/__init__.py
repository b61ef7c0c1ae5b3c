"""Files from elsewhere: a queue that survives everything, and only what is whole gets its name."""
