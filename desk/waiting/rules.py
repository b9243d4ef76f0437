"""What a standing request may wish, the states of it and of its offers, its notices, and its place in the line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from desk.capacity.rules import WINDOW_DAYS
from desk.outbox.rules import NoticeKind
from desk.places.rules import MOST_TOGETHER

USUAL_DAYS: Final = 30
"""For how many days a request waits where the person says nothing else."""
MOST_DAYS: Final = WINDOW_DAYS
"""The last day that a request may name lies at most so many days ahead: beyond them there are no slots."""
MOST_PLACES_WISHED: Final = 12
"""Offices and provinces of one request."""
MOST_REQUESTS: Final = 5
"""Live requests of one chat."""
MOST_PEOPLE: Final = MOST_TOGETHER
"""People of one request."""
USUAL_CLASS_DAYS: Final = 7
"""How many days of waiting a priority class counts where the directorate says nothing else."""
MOST_CLASS_DAYS: Final = 60
ASKED_BEFORE: Final = timedelta(days=3)
"""How long before the last day the person is asked whether they wait on."""

NOON, AFTERNOON = 12 * 60, 14 * 60
"""Where the parts of a day begin, in minutes after local midnight."""
_WEEKDAYS = range(7)


class RequestState(StrEnum):
    """The states of a standing request."""

    WAITING = "waiting"
    PAUSED = "paused"
    """Nothing is offered until the person says so; the place in the line stays."""
    ENDED = "ended"
    """The person waits no longer."""
    FULFILLED = "fulfilled"
    """An offer was accepted."""
    LAPSED = "lapsed"
    """The last wished day is over."""


LIVE_REQUESTS: Final = frozenset({RequestState.WAITING, RequestState.PAUSED})


class OfferState(StrEnum):
    """What became of an offer; only the first is live."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    """The time to answer was over."""
    TOO_LATE = "too_late"
    """Another invited person was faster; this is no lapse."""
    WITHDRAWN = "withdrawn"
    """It did not arrive, or the time was closed; this is no lapse."""


class WaitingNotice(NoticeKind):
    """The notices about a standing request and its offers."""

    OFFER = "offer"
    OFFER_TAKEN = "offer_taken"
    """Another invited person was faster."""
    OFFER_LAPSED = "offer_lapsed"
    OFFER_GONE = "offer_gone"
    """The time was closed while it was on offer."""
    REQUEST_PAUSED = "request_paused"
    """So many offers got no answer that nothing is offered until the person says so."""
    GO_ON = "go_on_waiting"
    """The last day is near: does the person wait on?"""
    REQUEST_LAPSED = "request_lapsed"
    PLACE_CHANGED = "request_place_changed"
    """Staff gave a priority class or took it away, or the number of somebody was corrected."""


OVER_NOTICES: Final = (WaitingNotice.OFFER_TAKEN, WaitingNotice.OFFER_LAPSED, WaitingNotice.OFFER_GONE)
"""The notices that say why an offer is over."""


class DayPart(StrEnum):
    """The parts of a day that a person can wish."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"


EVERY_WEEKDAY: Final = frozenset(_WEEKDAYS)
"""Saturday = 0 … Friday = 6."""
EVERY_PART: Final = frozenset(DayPart)
_PARTS = tuple(DayPart)
PART_HOURS: Final = {
    DayPart.MORNING: (0, NOON),
    DayPart.NOON: (NOON, AFTERNOON),
    DayPart.AFTERNOON: (AFTERNOON, 24 * 60),
}
"""When each part begins and ends, in minutes after local midnight."""


class WishFault(StrEnum):
    """Why a wish cannot be kept."""

    NO_WEEKDAY = "no_weekday"
    NO_PART = "no_part"
    NO_PLACE = "no_place"
    TOO_MANY_PLACES = "too_many_places"
    UNKNOWN_PLACE = "unknown_place"
    ORDER = "order"
    """The last day lies before the first."""
    PAST = "past"
    TOO_LONG = "too_long"
    """The last day lies beyond the days that are made."""


class ClassReason(StrEnum):
    """Why staff gave a request its priority class; a word of the vocabulary, so that nothing is written of anybody."""

    SEEN = "seen"
    """Staff saw the person."""
    PAPER = "paper"
    """The person showed a paper that says so."""
    SAID = "said"
    """The person, or who speaks for them, said so."""


def part_of(minutes: int) -> DayPart:
    """The part of the day of a start, in minutes after local midnight."""
    return next(part for part, (_first, end) in PART_HOURS.items() if minutes < end)


def part_bits(parts: Iterable[DayPart]) -> int:
    """Parts of a day as a number with a bit for each."""
    return sum(1 << _PARTS.index(part) for part in set(parts))


def parts_in(bits: int) -> frozenset[DayPart]:
    """The parts of `part_bits`."""
    return frozenset(part for number, part in enumerate(_PARTS) if bits >> number & 1)


def fault_of(
    *,
    weekdays: frozenset[int],
    parts: frozenset[DayPart],
    from_day: date,
    until_day: date,
    places: int,
    today: date,
) -> WishFault | None:
    """The first fault of a wish; None = it can be kept."""
    checks = (
        (WishFault.NO_WEEKDAY, not weekdays & EVERY_WEEKDAY),
        (WishFault.NO_PART, not parts),
        (WishFault.NO_PLACE, places == 0),
        (WishFault.TOO_MANY_PLACES, places > MOST_PLACES_WISHED),
        (WishFault.ORDER, until_day < from_day),
        (WishFault.PAST, until_day < today),
        (WishFault.TOO_LONG, until_day > today + timedelta(days=MOST_DAYS)),
    )
    return next((fault for fault, is_there in checks if is_there), None)
