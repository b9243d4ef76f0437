"""Handles requests: from a row of the route table to a checked handler and its response."""
