"""The pages of worksheets: what an office states, what was really served, and what the directorate decides."""
