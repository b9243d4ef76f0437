"""The words about two connected chats of one person; no page shows them."""
