"""The draw of scarce places: what decides the order, who gets which place, and the file by which anybody checks it."""
