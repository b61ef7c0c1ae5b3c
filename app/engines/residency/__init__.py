"""Which models are in memory: who gets in, who has to leave, who waits."""
