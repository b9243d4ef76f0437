"""What a change that takes time away does to people: who is hit, what they may do, what is told, who was reached."""
