"""Builds of the engine from elsewhere: listed, fetched, unpacked, tried, used and taken back."""
