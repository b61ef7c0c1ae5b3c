"""Models on other computers, behind any OpenAI-style interface."""
