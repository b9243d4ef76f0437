"""The person for whom somebody books or speaks."""
