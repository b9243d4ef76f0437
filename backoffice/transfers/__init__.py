"""The words about transfers between chats; their page is beside the day's list."""
