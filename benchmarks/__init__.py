"""Figures as ratios to a baseline measured in the same run; absolute times belong in reports, never in a gate."""
