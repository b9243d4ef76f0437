"""The states of somebody in the line, the order in which people are called, and their call numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from desk.outbox.rules import NoticeKind
from desk.visits.rules import FEWEST_DIGITS, call_numbers


class EntryState(StrEnum):
    """Where somebody is in the line of the day."""

    HERE = "here"
    CALLED = "called"
    IN_SERVICE = "in_service"
    HELD = "held"
    """Served in part: they fetch something or pay, and are taken back with their old place."""
    DONE = "done"
    """The outcome of the visit is recorded."""
    LEFT = "left"
    """Went away, or was never there: the arrival was undone, or the appointment is cancelled."""


class LineNotice(NoticeKind):
    """The notices to somebody who is at the office."""

    HERE = "line_here"
    """They are in the line: the number, the place, and that they are called."""
    SOON = "line_soon"
    """The place has come near: come to the counters."""
    CALLED = "line_called"
    GONE = "line_gone"
    """The office took back that they came."""


AT_COUNTER = frozenset({EntryState.CALLED, EntryState.IN_SERVICE})
"""Of these there is one at a counter."""
IN_LINE = AT_COUNTER | {EntryState.HERE, EntryState.HELD}
"""Who is at the office and has no outcome."""

MOST_COUNTERS = 99
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRules:
    """The numbers of the stated order at an office; minutes, calls and places."""

    late_after: int = 20
    """Who comes so many minutes after their time counts as somebody without an appointment."""
    walk_in_counts_after: int = 60
    """Who waited so many minutes without an appointment counts as booked in the quarter of an hour of that moment."""
    most_calls: int = 3
    """After so many calls without an answer somebody may be sent to the end."""
    priority_every: int = 3
    """Of so many calls in a row one goes to a priority class at most, while others wait."""
    come_now_at: int = 3
    """At this place in the line the chat says «come now»."""


BOUNDS: dict[str, tuple[int, int]] = {
    "late_after": (0, 240),
    "walk_in_counts_after": (5, 480),
    "most_calls": (1, 9),
    "priority_every": (1, 20),
    "come_now_at": (1, 20),
}
"""The least and the most of each number of `LineRules`."""

USUAL = LineRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A press of a button, also one that is sent later: a random key of the browser, when, and by whom."""

    key: str
    pressed_at: datetime
    staff_id: int | None = None
    """Who pressed it; None = the one who sends it."""


class InLine(Protocol):
    """What the order asks of somebody who waits."""

    @property
    def appointment_id(self) -> int: ...
    @property
    def call_number(self) -> str: ...
    @property
    def is_walk_in(self) -> bool: ...
    @property
    def class_id(self) -> int | None: ...
    @property
    def quarter_at(self) -> datetime | None: ...
    @property
    def came_at(self) -> datetime: ...
    @property
    def lines_up_at(self) -> datetime: ...


W = TypeVar("W", bound=InLine)


class _Place(NamedTuple):
    """What somebody is sorted by."""

    group: int
    quarter: datetime
    since: datetime
    number: int
    id: int


_BOOKED, _WALK_IN, _EARLY = range(3)


def quarter_of(moment: datetime) -> datetime:
    """The start of the quarter of an hour in which the moment lies; every zone of an office keeps whole quarters."""
    return moment - timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)


def counts_from(starts_at: datetime, *, came_at: datetime, rules: LineRules) -> datetime | None:
    """The quarter of an hour in which a booked person counts; None = they came too late for it."""
    is_late = came_at > starts_at + timedelta(minutes=rules.late_after)
    return None if is_late else quarter_of(starts_at)


def was_sent_to_the_end(each: InLine) -> bool:
    """Whether somebody did not come when called, and lines up anew since then."""
    return each.lines_up_at > each.came_at


def in_order(waiting: Iterable[W], *, now: datetime, rules: LineRules, since_priority: int | None) -> list[W]:
    """Those who wait, in the order in which they are called.

    `since_priority` = how many calls of others followed the last one of a priority class; None = there was none today.
    """
    everybody = list(waiting)
    places = _places(everybody, now=now, rules=rules)
    ordered = sorted(everybody, key=lambda each: places[each.appointment_id])
    first = [each for each in ordered if has_priority(each)]
    others = [each for each in ordered if not has_priority(each)]
    early = [each for each in others if places[each.appointment_id].group == _EARLY]
    others = others[: len(others) - len(early)]
    since = rules.priority_every if since_priority is None else since_priority
    found: list[W] = []
    while first or others:
        if first and (not others or since >= rules.priority_every - 1):
            found.append(first.pop(0))
            since = 0
        else:
            found.append(others.pop(0))
            since += 1
    return found + early


def is_near(each: InLine, *, place: int, now: datetime, rules: LineRules) -> bool:
    """Whether somebody at this place should come to the counters; not who came long before their quarter."""
    is_early = each.quarter_at is not None and each.quarter_at > now + QUARTER
    return place <= rules.come_now_at and not is_early


def has_priority(each: InLine) -> bool:
    """Whether the class of somebody brings them forward; it does not once they were sent to the end."""
    return each.class_id is not None and not was_sent_to_the_end(each)


def _places(waiting: Sequence[W], *, now: datetime, rules: LineRules) -> dict[int, _Place]:
    since = _lined_up(waiting)
    counts_after = timedelta(minutes=rules.walk_in_counts_after)
    found = {}
    for each in waiting:
        lined_up, quarter, group = since[each.appointment_id], each.quarter_at, _BOOKED
        if quarter is None and lined_up + counts_after <= now:
            quarter = quarter_of(lined_up + counts_after)
        if quarter is None:
            quarter, group = lined_up, _WALK_IN
        elif quarter > now:
            group = _EARLY
        number = int(each.call_number) if each.is_walk_in else 0
        found[each.appointment_id] = _Place(group, quarter, lined_up, number, each.appointment_id)
    return found


def _lined_up(waiting: Sequence[W]) -> dict[int, datetime]:
    """Since when each lines up: of two without an appointment the one with the smaller number never later.

    Of two who come at once the later number may carry the earlier moment.
    """
    found = {each.appointment_id: each.lines_up_at for each in waiting}
    numbered = [each for each in waiting if each.is_walk_in and not was_sent_to_the_end(each)]
    latest: datetime | None = None
    for each in sorted(numbered, key=lambda one: int(one.call_number)):
        latest = each.lines_up_at if latest is None else max(latest, each.lines_up_at)
        found[each.appointment_id] = latest
    return found


def since_priority(calls: Iterable[tuple[datetime, bool]]) -> int | None:
    """How many calls of others followed the last call of a priority class; None = there was none.

    Each call is the moment of the first call of somebody, and whether they have priority.
    """
    latest_first = sorted(calls, reverse=True)
    return next((followed for followed, (_at, is_priority) in enumerate(latest_first) if is_priority), None)


def booked_number(code: str, *, codes: Sequence[str], taken: Collection[int]) -> str:
    """The end of this code by which its person is called: as the door list says, longer where that is taken.

    `codes` are those of the day, this one among them.
    """
    shortest = dict(zip(codes, call_numbers(codes), strict=True)).get(code, code[-FEWEST_DIGITS:])
    for length in range(len(shortest), len(code)):
        if int(code[-length:]) not in taken:
            return code[-length:]
    return code


def walk_in_number(last: int, *, taken: Collection[int]) -> int:
    """The number after the last one that nobody has; 7 and 007 are one number when they are called out."""
    number = last + 1
    while number in taken:
        number += 1
    return number


def waiting_minutes(*, came_at: datetime, starts_at: datetime | None, called_at: datetime) -> int:
    """How many whole minutes somebody waited for the first call, from their time on; `starts_at` None = they had
    none."""
    since = came_at if starts_at is None else max(came_at, starts_at)
    return max(0, int((called_at - since).total_seconds() // 60))


def service_minutes(*, began_at: datetime, ended_at: datetime) -> int:
    """How many whole minutes the service took."""
    return max(0, int((ended_at - began_at).total_seconds() // 60))


FEWEST_CALLS = 4
"""From so many calls within the last hour on the pace is what was measured."""
MEASURED = timedelta(hours=1)
ROUNDED_TO = 5


def minutes_a_call(calls: Iterable[datetime], *, planned: float | None, now: datetime) -> float | None:
    """How many minutes lie between two calls: as in the last hour, else as planned; None = nobody knows."""
    lately = [each for each in calls if now - MEASURED < each <= now]
    if len(lately) < FEWEST_CALLS:
        return planned
    return (now - min(lately)).total_seconds() / 60 / len(lately)


def expected_minutes(place: int, *, pace: float | None, quarter_at: datetime | None, now: datetime) -> int | None:
    """In how many minutes the person at this place is called, rounded up to five; None = nobody knows.

    A booked person who came before their quarter is not told less than until it begins.
    """
    if pace is None:
        return None
    ahead = max(0.0, (quarter_at - now).total_seconds() / 60) if quarter_at is not None else 0.0
    minutes = max(place * pace, ahead)
    return -int(-minutes // ROUNDED_TO) * ROUNDED_TO
