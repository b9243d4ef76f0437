"""The pages of draws."""
