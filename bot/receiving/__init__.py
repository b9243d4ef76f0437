"""Receives updates: access, order per chat, one transaction each, and the committed answer."""
