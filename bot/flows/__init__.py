"""One file, one conversation, in the order its chat has."""
