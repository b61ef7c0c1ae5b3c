"""Recommended sets: models for all tiers that fit into one computer together."""
