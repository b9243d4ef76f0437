"""Queues with their opening rules, exceptions and holidays, and the slots made from them."""
