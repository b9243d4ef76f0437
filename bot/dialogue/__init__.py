"""The neutral core of a conversation: what is heard, asked and said; knows no messenger and no database."""
