"""The numbered steps that bring any landed database to the present schema."""
