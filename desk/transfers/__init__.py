"""Transfers: what a chat has goes over to another chat of the same person, because a phone is lost or a messenger does
not work any more."""
