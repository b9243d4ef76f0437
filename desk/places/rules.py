"""Who may take a place of a slot, how many, and for how long it may be kept from others."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

KEEP = timedelta(minutes=10)
"""How long a place is kept for somebody who is still answering."""

LONGEST_KEPT = timedelta(minutes=30)
"""From the first place kept for a chat on: until then keeping can begin anew, for this place or another."""
REST_FROM_KEEPING = timedelta(minutes=30)
"""For so long after that no place is kept for the chat; what is free it can take all the same."""


class ClaimKind(StrEnum):
    """What a place is taken for, as long as nobody is booked on it."""

    HOLD = "hold"
    """Kept for a chat while somebody answers."""
    OFFER = "offer"
    """Kept for somebody who waits, until they say yes or the time for that is over."""
    SHARE = "share"
    """Kept back by the office, such as for those who come without a booking."""


MOST: dict[ClaimKind, int] = {ClaimKind.HOLD: 1}
"""How many places one owner may have of a kind at once; a kind that is not named here has no limit."""
