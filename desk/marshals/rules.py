"""How often a crowd is told of, how long an alarm is shown, and which times of a shift can be entered."""

from __future__ import annotations

from datetime import timedelta

QUIET = timedelta(minutes=15)
"""For so long after an alarm another one of the same office is not told again."""
SHOWN_FOR = timedelta(hours=12)
"""How long an alarm stands above the pages of those who have not seen it."""
LONGEST_SHIFT = timedelta(hours=16)
"""A shift that nobody ended counts until then at most."""
DAYS_BACK = 14
"""How far back a shift can be entered, and is listed."""
