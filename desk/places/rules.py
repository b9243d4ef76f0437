"""The kinds of claims, how many each owner may have, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from desk.conversations.rules import SPANS, CounterKind
from desk.periods import Rest

KEEP = timedelta(minutes=10)
"""How long a hold lasts."""

LONGEST_KEPT = timedelta(minutes=30)
"""How long after the first hold of a series a chat may begin another hold, of this slot or another."""
REST_FROM_KEEPING = SPANS[CounterKind.HOLDING] - LONGEST_KEPT
"""How long after a series a chat may not hold places; it may still book free ones."""


class ClaimKind(StrEnum):
    """What a place is taken for while nobody is booked on it."""

    HOLD = "hold"
    """Held for a chat while the person answers."""
    OFFER = "offer"
    """Offered to somebody who waits, until they accept or the offer expires."""
    SHARE = "share"
    """Kept back by the office, for example for people without an appointment."""
    REST = "rest"
    """Given back by a person, and offered to nobody yet: see `resting_time`."""
    KEPT = "kept"
    """Became free while somebody waits whom it may fit: nobody sees it until that is decided."""
    DRAWN = "drawn"
    """Belongs to a draw whose list is closed: nobody sees it until it is drawn, and confirmed by who won it."""


MOST_TOGETHER = 8
"""The people of one household that are booked, or wait, by one request."""

MOST: dict[ClaimKind, int] = {ClaimKind.HOLD: MOST_TOGETHER}
"""The number of claims of a kind that one owner may have at once; kinds that are not named have no limit."""


def resting_time(starts_at: datetime, *, rest: Rest, now: datetime) -> Rest | None:
    """Between which times a place of this start rests when it is given back now; None = not at all.

    At most half of the time that is left, so that somebody can still come; then the shortest is half of that at most,
    so that nobody can tell the moment in advance.
    """
    left = starts_at - now
    if left <= timedelta(0) or rest.most <= timedelta(0):
        return None
    if rest.most <= left / 2:
        return rest
    return Rest(least=min(rest.least, left / 4), most=left / 2)
