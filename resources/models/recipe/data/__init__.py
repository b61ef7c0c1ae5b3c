"""Generated chats the starter models learn from; all text is this project's own."""
