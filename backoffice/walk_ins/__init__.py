"""Pages for people who come without an appointment: registering them at the door, and the slip they take along."""
