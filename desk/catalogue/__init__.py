"""The catalogue of services: fees, papers, steps and the source of each fact."""
