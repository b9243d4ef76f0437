"""To how many a freed place is offered, and how long there is to answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from desk.calendar import instant_of, local_day_of
from desk.outbox.quiet import QUIET_FROM, after_the_night, before_the_night, is_quiet
from desk.waiting.rules import OfferState

ROUND_WITHIN: Final = timedelta(hours=3)
"""A place so near is offered to several at once, and the first to accept has it."""
INVITED: Final = 5
"""Whom a place of a round is offered to at most."""
LAPSES_IN_A_ROW: Final = 3
"""So many offers in a row without an answer pause the request."""
TIME_TO_DELIVER: Final = timedelta(minutes=15)
"""An offer that has not arrived by then goes to the next, and counts as no lapse."""
BEFORE_OPENING: Final = timedelta(minutes=2)
"""So long before a day opens, what is free on it is kept for those who wait: else who looks first would have it."""
_SHORTEST: Final = timedelta(minutes=20)
_ANSWER_WITHIN: Final = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=3), timedelta(hours=3)),
    (timedelta(days=7), timedelta(hours=6)),
)
"""How long there is to answer when the start is at most so far away."""
_LONGEST: Final = timedelta(hours=12)


NOT_AGAIN: Final = frozenset({OfferState.DECLINED, OfferState.LAPSED, OfferState.WITHDRAWN})
"""A request whose offer of a slot ended so is not offered that slot again."""


class FreedOutcome(StrEnum):
    """What became of a freed place that was kept for those who wait."""

    OFFERED = "offered"
    NOBODY = "nobody"
    """It fits nobody who waits now: everybody sees it."""
    NOT_BOOKABLE = "not_bookable"
    """Its time is over or closed, or its day is not open yet."""


class NoOffer(StrEnum):
    """Why a request that waits for the service at the office was not offered a place."""

    DAYS = "days"
    WEEKDAY = "weekday"
    PART = "part"
    HAS_OFFER = "has_offer"
    UNREACHABLE = "unreachable"
    """The chat has blocked the bot."""
    HOUSEHOLD = "household"
    """It waits for more people than there are places."""
    QUOTA = "quota"
    """The queue takes nobody more that day for its service, or fewer than its people."""
    LATER = "later"
    """It fits, and others are before it in the line; or it was offered that time before."""


def time_to_answer(left: timedelta) -> timedelta:
    """How long there is to answer when so much time is left until the start; hours of the night not counted."""
    if left <= ROUND_WITHIN:
        return _SHORTEST
    return next((within for most, within in _ANSWER_WITHIN if left <= most), _LONGEST)


def answer_until(
    delivered_at: datetime, *, made_at: datetime, starts_at: datetime, zone: str, minutes: int | None = None
) -> datetime:
    """Until when an offer can be accepted that arrived then: no minute of the night counts, and it ends at the start.

    How long there is depends on when it was made: so who is told the end a moment before the arrival is found is told
    none that is later than the true one. It ends half an hour before the start at the latest; where that lies in the
    night, it ends as the night begins, or as it ends for whom that would leave less than the shortest time. `minutes` =
    what a draw leaves for it.
    """
    usual = time_to_answer(starts_at - after_the_night(made_at, zone=zone))
    needed = usual if minutes is None else timedelta(minutes=minutes)
    moment = after_the_night(delivered_at, zone=zone)
    while moment + needed > (night := _next_night(moment, zone=zone)):
        needed, moment = needed - (night - moment), after_the_night(night, zone=zone)
    latest = max(delivered_at + (starts_at - delivered_at) / 2, starts_at - timedelta(minutes=30))
    end = min(moment + needed, latest)
    if end == latest and is_quiet(end, zone=zone):
        night = _next_night(before_the_night(end, zone=zone), zone=zone)
        end = night if night - delivered_at >= _SHORTEST else min(after_the_night(end, zone=zone), starts_at)
    return end


def _next_night(moment: datetime, *, zone: str) -> datetime:
    """When the night begins after a moment by day."""
    return instant_of(local_day_of(moment, zone=zone), minutes=QUIET_FROM, zone=zone)
