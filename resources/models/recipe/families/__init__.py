"""The task families: graded questions with exact checkers, and what training draws from them."""
