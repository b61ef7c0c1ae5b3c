"""Who answers first, and why: what a question looks like, who is likely right, what that costs."""
