"""Two chats of one person: what cannot be told in one is told in the other, and nothing else follows from it."""
