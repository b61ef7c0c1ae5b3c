"""Judging answers: hard checks, validators, log-probabilities, and what their sum is worth."""
