"""Cases: complaints and questions, with their threads, states, deadlines and answers."""
