"""What generates tokens, and what keeps it alive."""
