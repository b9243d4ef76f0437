"""Sends messages: those of the outbox are composed, paced and delivered."""
