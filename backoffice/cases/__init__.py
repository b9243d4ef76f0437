"""The pages of cases: the inbox and one case."""
