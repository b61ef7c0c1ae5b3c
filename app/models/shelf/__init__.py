"""The library on disk: what models there are, where, whose, and what may be done with them."""
