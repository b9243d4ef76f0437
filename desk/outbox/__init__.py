"""Messages that must arrive: written with the facts they tell, delivered afterwards, with their state for staff."""
