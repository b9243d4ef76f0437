"""Papers of one person that a clerk linked, and which of two appointments of theirs stays."""
