"""The pages on chats that show signs of collecting appointments."""
