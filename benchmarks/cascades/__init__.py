"""The whole path from question to answer on real models, asked once and remembered."""
