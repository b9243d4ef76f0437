"""What happened on the day: who came, when, and with what outcome."""
