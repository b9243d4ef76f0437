"""Reading what people type: letters, digits, numbers, amounts, days and times."""
