"""What was decided, why, and how it turned out: rows that are only ever added."""
