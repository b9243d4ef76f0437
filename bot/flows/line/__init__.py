"""The conversation and the messages of people who stand in the line of an office."""
