"""What other processes may ask of the core."""
