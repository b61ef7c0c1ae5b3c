"""Tiny models of many architectures with random weights: the runner meets them all."""
