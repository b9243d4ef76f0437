"""Walk-ins: people who stand at the door without an appointment, and the printed slips that tie one to a chat later."""
