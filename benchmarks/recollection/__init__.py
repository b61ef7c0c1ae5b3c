"""What the measurements of recall stand on: conversations, vectors, methods, figures."""
