"""Conversations about papers of one person that a clerk linked."""
