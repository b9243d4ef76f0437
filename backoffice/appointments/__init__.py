"""The day's list of an office: looking somebody up, recording who came and how it ended."""
