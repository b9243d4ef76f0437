"""Threads with the desk: complaints and questions, their clocks, their answers."""
