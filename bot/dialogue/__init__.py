"""The engine of conversations: what is heard, asked and said, without a messenger or a database."""
