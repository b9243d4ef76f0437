"""What runs beside the conversation."""
