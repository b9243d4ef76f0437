"""The pages of the catalogue: services, fees, papers and steps."""
