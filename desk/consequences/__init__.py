"""What a change of hours, offices or services does to appointments, and who was told about it."""
