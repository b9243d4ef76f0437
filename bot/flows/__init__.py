"""The conversations: one file for each, its steps in the order of the chat."""
