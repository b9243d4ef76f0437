"""The proof that appointments are fair: one demand, met in three ways, with a broker who does all that he can."""
