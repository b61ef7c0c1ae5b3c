"""Why an engine ended: cause, the line that shows it, and what can be done with one click."""
