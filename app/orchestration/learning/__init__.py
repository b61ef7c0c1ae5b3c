"""What happens with outcomes: who learns from them, when, and with what say."""
