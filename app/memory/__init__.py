"""Memory across sessions: the store is the truth, everything else can be made from it again."""
