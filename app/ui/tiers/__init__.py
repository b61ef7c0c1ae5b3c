"""The page of tiers: how fast, how much memory, where questions ended, and why they climbed."""
