"""What other policies would have been worth, told from the rows of the ledger alone."""
