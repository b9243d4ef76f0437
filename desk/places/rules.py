"""For how long a place may be kept from others."""

from __future__ import annotations

from datetime import timedelta

KEEP = timedelta(minutes=10)
"""How long a place is kept for somebody who is still answering."""

LONGEST_KEPT = timedelta(minutes=30)
"""From the first place kept for a chat on: until then keeping can begin anew, for this place or another."""
REST_FROM_KEEPING = timedelta(minutes=30)
"""For so long after that no place is kept for the chat; what is free it can take all the same."""
