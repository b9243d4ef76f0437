"""The question in the evening of a visit, and the complaints that it opens ready-made."""
