"""What became of the places of each queue and day: planned, released, taken, booked, came, served."""
