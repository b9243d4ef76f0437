"""What counts as a sign that appointments are collected in a chat, and how strong it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from desk.calendar import local_day_of
from desk.values import zone_named


class SignKind(StrEnum):
    """What was seen of a chat. Each has an innocent reading too, which stands beside it on the page."""

    PEOPLE = "people"
    """Appointments for many people who share no family name."""
    NUMBERS = "numbers"
    """People of this chat whom other chats have named too."""
    FALLEN = "fallen"
    """Appointments that fell, because somebody else held the paper."""
    RETAKEN = "retaken"
    """Places that were given back and taken again soon after, for somebody else."""
    OFFICES = "offices"
    """Appointments at many offices."""
    RHYTHM = "rhythm"
    """Appointments booked at the same minutes of many days."""
    IN_STEP = "in_step"
    """Other chats that book in the same minutes, day after day."""
    HOLDS = "holds"
    """Times that were kept again and again within a day."""


class Strength(IntEnum):
    """How much a sign says; of a chat, how much all of them say."""

    WEAK = 1
    CLEAR = 2
    STRONG = 3


class Judgement(StrEnum):
    """What somebody found who looked at the chat, in the words of a list: nothing is written about a person."""

    FAMILY = "family"
    HELPER = "helper"
    NOTHING_WRONG = "nothing_wrong"


WITHIN = timedelta(days=30)
"""How far back appointments are counted; older ones say no more whose they were."""
RETAKEN_WITHIN = timedelta(minutes=90)
"""A place taken again within this time counts: longer than a place that was given back is kept from being offered."""
SAME_MINUTES = 10
"""The minutes of the day within which appointments count as booked at the same time."""
IN_STEP_WITHIN = timedelta(minutes=1)
DAYS_IN_STEP = 3
"""On so many days two chats booked within a minute of each other: two who meet once by chance do not count."""
TAKEN_FROM_ONE = 2
"""So many places given back by one other chat: once is chance."""

FEWEST_APPOINTMENTS = 5
"""A chat with fewer appointments is not looked through unless it was counted for `COUNTED`."""
LISTED = 2
"""A chat with so many signs is listed: one alone says nothing, but for `ALONE`."""
ALONE = SignKind.FALLEN
"""A chat is listed for this sign by itself where it is strong: three times the original paper was somebody else's."""

STEPS: Mapping[SignKind, tuple[int, int, int]] = {
    SignKind.PEOPLE: (8, 14, 24),
    SignKind.NUMBERS: (3, 5, 8),
    SignKind.FALLEN: (1, 2, 3),
    SignKind.RETAKEN: (1, 3, 5),
    SignKind.OFFICES: (4, 6, 10),
    SignKind.RHYTHM: (4, 7, 12),
    SignKind.IN_STEP: (1, 3, 6),
    SignKind.HOLDS: (12, 20, 30),
}
"""From which number a sign is weak, clear, strong."""
CHAT_IS = {Strength.STRONG: 7, Strength.CLEAR: 4}
"""From which sum of its signs a chat is clear or strong."""
COUNTED = (SignKind.FALLEN, SignKind.HOLDS)
"""Signs that come from counts that end by themselves: the highest number seen stays."""
EXPLAINED = (SignKind.PEOPLE, SignKind.NUMBERS, SignKind.OFFICES)
"""Signs that say a step less of a household or helper for whom the desk raised a limit."""


@dataclass(frozen=True, slots=True)
class BookedThere:
    """An appointment of the chat: where, for whom, when booked, and the last word of a name that has several."""

    office_id: int
    person_id: int
    booked_at: datetime
    family: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is stored of one chat, as far as signs are counted from it."""

    appointments: Sequence[BookedThere] = ()
    other_chats: int = 0
    """Other chats that name people of this one."""
    retaken: int = 0
    in_step: int = 0
    counts: Mapping[SignKind, int] = field(default_factory=dict)
    """The counts of `COUNTED`."""
    is_explained: bool = False
    """The desk has raised a limit for a household or a helper."""


@dataclass(frozen=True, slots=True)
class FoundSign:
    """A sign of a chat: the number that was seen, how strong it is, and the first day of what was counted."""

    kind: SignKind
    times: int
    strength: Strength
    since: date


def strength_of(kind: SignKind, times: int, *, is_explained: bool = False) -> Strength | None:
    """How strong this number is; None = it is no sign."""
    reached = sum(times >= step for step in STEPS[kind]) - (is_explained and kind in EXPLAINED)
    return Strength(reached) if reached > 0 else None


def strength_of_chat(total: int) -> Strength:
    """How strong signs are together, by the sum of their strengths."""
    return next((strength for strength, least in CHAT_IS.items() if total >= least), Strength.WEAK)


def signs(seen: Seen, *, zone: str, now: datetime) -> list[FoundSign]:
    """The signs of a chat, in the order of their kinds."""
    numbers = {
        SignKind.PEOPLE: unrelated(seen.appointments),
        SignKind.NUMBERS: seen.other_chats,
        SignKind.RETAKEN: seen.retaken,
        SignKind.OFFICES: len({appointment.office_id for appointment in seen.appointments}),
        SignKind.RHYTHM: days_in_rhythm(seen.appointments, zone=zone),
        SignKind.IN_STEP: seen.in_step,
    } | dict(seen.counts)
    first = min((appointment.booked_at for appointment in seen.appointments), default=now)
    found = []
    for kind in SignKind:
        times = numbers.get(kind, 0)
        strength = strength_of(kind, times, is_explained=seen.is_explained)
        if strength is not None:
            since = local_day_of(now if kind in COUNTED else first, zone=zone).date
            found.append(FoundSign(kind, times, strength, since))
    return found


def unrelated(appointments: Sequence[BookedThere]) -> int:
    """How many people the chat booked for beside those of one family: the largest that shares a name, or one."""
    families = {appointment.person_id: appointment.family for appointment in appointments}
    shared = Counter(family for family in families.values() if family is not None)
    return max(0, len(families) - max(shared.values(), default=1))


def days_in_rhythm(appointments: Sequence[BookedThere], *, zone: str) -> int:
    """On how many days the chat booked within the same `SAME_MINUTES` of the clock, at the best such time."""
    moments = [appointment.booked_at.astimezone(zone_named(zone)) for appointment in appointments]
    taken = sorted((local.hour * 60 + local.minute, local.date()) for local in moments)
    return max(
        (len({day for minute, day in taken if 0 <= minute - begins < SAME_MINUTES}) for begins, _day in taken),
        default=0,
    )


def places_retaken(pairs: Sequence[tuple[int, datetime, datetime]], *, chat: int) -> int:
    """Places that were taken again soon, of pairs of the chat at the other end, when given back, and when taken.

    Of this chat itself each counts, of another one only where it is no chance.
    """
    soon = Counter(other for other, given, taken in pairs if timedelta(0) <= taken - given <= RETAKEN_WITHIN)
    return sum(times for other, times in soon.items() if other == chat or times >= TAKEN_FROM_ONE)


def chats_in_step(pairs: Sequence[tuple[int, datetime, datetime]]) -> int:
    """Other chats that booked within a minute of this one on several days, of pairs of a chat and both moments."""
    days: dict[int, set[date]] = {}
    for other, mine, theirs in pairs:
        if abs(mine - theirs) <= IN_STEP_WITHIN:
            days.setdefault(other, set()).add(mine.date())
    return sum(len(each) >= DAYS_IN_STEP for each in days.values())
