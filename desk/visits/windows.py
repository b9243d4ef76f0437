"""How much of a day's list somebody sees: its names inside the own window, else its counts.

A window depends on what the actor may: at the counter from yesterday to the next working day of the office, for who
plans a week back and two ahead. Another day is opened by a reason, which is written into the history, until the local
day is over. Who handles complaints about an office sees its counts; the administrator of the country, who also stands
in for others, opens each day by a reason. An exact code or number finds its appointment on any day; its name stays
inside the window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.models import Appointment
from desk.appointments.queries import by_code, by_identity
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import CANCELLED, AppointmentState
from desk.calendar import local_day_of
from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.shares import Share
from desk.codes import TrackingCode
from desk.events import actions as events
from desk.events.models import Event
from desk.events.shown import ShowsSomebody
from desk.offices import queries as offices
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.storage.among import none_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.visits.queries import day_list
from desk.visits.refusals import ReasonMissing
from desk.visits.rows import DayRow
from desk.visits.rules import LONGEST_REASON, PLANNED_AHEAD, SHORTEST_REASON, YESTERDAY, call_numbers, is_in_window

OPENED = "day.opened"
"""The event by which somebody opened the names of a day, with the reason."""
MOST_DIGITS = 5
"""A longer number in a reason may be that of somebody's paper."""

_appointment, _slot, _queue, _event = table_of(Appointment), table_of(Slot), table_of(Queue), table_of(Event)

_NEXT = (
    select(func.min(_slot.c.day))
    .join(_queue, _queue.c.id == _slot.c.queue_id)
    .where(
        _queue.c.office_id == bindparam("office"),
        _queue.c.is_active.is_(True),
        _slot.c.status == SlotStatus.LIVE,
        _slot.c.planned > 0,
        _slot.c.day > bindparam("today"),
        _slot.c.day <= bindparam("until"),
    )
)
_OF_DAY = (_appointment.c.office_id == bindparam("office"), _appointment.c.day == bindparam("day"))
_COUNTS = (
    select(_appointment.c.state, func.count())
    .where(*_OF_DAY, none_of(_appointment.c.state, sorted(CANCELLED)))
    .group_by(_appointment.c.state)
)
_AT_THE_DOOR = (
    select(_appointment.c.id, _appointment.c.starts_at, _appointment.c.code)
    .where(
        *_OF_DAY,
        none_of(_appointment.c.state, sorted(CANCELLED)),
        # Who came without an appointment has a number of the day, and no end of a code.
        or_(_appointment.c.share.is_(None), _appointment.c.share != Share.WALK_IN),
    )
    .order_by(_appointment.c.starts_at, _appointment.c.id)
)
_OPENED = select(_event.c.id).where(_event.c.idem_key == bindparam("key"))


class OwnDays(StrEnum):
    """The days of an office whose names somebody sees without a reason."""

    COUNTER = "counter"
    """From yesterday to the next working day."""
    PLANNED = "planned"
    """A week back and two ahead."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DaySeen:
    """What somebody sees of a day: its rows, or only its counts."""

    rows: list[DayRow] | None
    """None = the names are not shown."""
    counts: Mapping[AppointmentState, int]
    may_ask: bool
    """Whether a reason opens the names."""


@dataclass(frozen=True, slots=True)
class AtTheDoor(ShowsSomebody):
    """A line of the list at the door: a time, and the end of the code by which somebody is called."""

    appointment_id: int
    starts_at: datetime
    number: str

    @property
    def shows(self) -> str:
        return f"appointment:{self.appointment_id}"


def day_seen(session: Session, *, actor: Actor, office: OfficeRow, day: date, now: datetime) -> DaySeen:
    """The day of an office as far as the actor sees it.

    Raises:
        OutOfReach: they do not even see its counts.
    """
    actor.require(Permission.APPOINTMENTS_READ, at=office.node)
    if sees_names(session, actor=actor, office=office, day=day, now=now):
        rows = day_list(session, office_id=office.id, day=day)
        return DaySeen(rows, _counted(row.state for row in rows), may_ask=False)
    counts = {row[0]: row[1] for row in session.execute(_COUNTS, {"office": office.id, "day": day})}
    return DaySeen(None, counts, may_ask=actor.may(Permission.APPOINTMENTS_NAMES, at=office.node))


def sees_names(session: Session, *, actor: Actor, office: OfficeRow, day: date, now: datetime) -> bool:
    """Whether the actor sees the names of this day: it lies in the own window, or was opened by a reason today."""
    if not actor.may(Permission.APPOINTMENTS_NAMES, at=office.node):
        return False  # a reason given while they still had the permission opens nothing any more
    return in_own_window(session, actor=actor, office=office, day=day, now=now) or _is_open(
        session, actor=actor, office=office, day=day, now=now
    )


def open_day(session: WriteSession, *, office_id: int, day: date, reason: str, actor: Actor, now: datetime) -> None:
    """Open the names of a day outside the own window, until the local day is over; the reason stands in the history.

    Raises:
        OutOfReach: no reason opens the names of this office. ReasonMissing: there are too few words, or a number.
    """
    office = offices.office(session, office_id=office_id)
    if office is None:
        raise OutOfReach
    actor.require(Permission.APPOINTMENTS_NAMES, at=office.node)
    said = " ".join(reason.split())
    digits = sum(sign.isdigit() for sign in said)
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON or digits > MOST_DIGITS:
        raise ReasonMissing
    if sees_names(session, actor=actor, office=office, day=day, now=now):
        return
    events.note(
        session,
        kind=OPENED,
        subject=f"office:{office.id}",
        actor=actor,
        office_id=office.id,
        data={"day": day.isoformat(), "reason": said},
        idem_key=_key(actor, office=office, day=day, now=now),
        is_told=False,
        now=now,
    )


def found_by_code(session: Session, *, code: TrackingCode, actor: Actor, now: datetime) -> AppointmentRow | None:
    """The one appointment of a whole code, on any day within reach; its name only inside the own window."""
    found = by_code(session, code=code)
    return None if found is None else next(iter(_as_seen(session, [found], actor=actor, now=now)))


def found_by_identity(
    session: Session, *, hashes: Sequence[str], scope: Scope, limit: int, actor: Actor, now: datetime
) -> list[AppointmentRow]:
    """The appointments of the person with this hash, on any day within `scope`; names only inside the own window."""
    found = by_identity(session, hashes=hashes, scope=scope, limit=limit)
    return _as_seen(session, found, actor=actor, now=now)


def at_the_door(
    session: Session, *, actor: Actor, office: OfficeRow, day: date, now: datetime
) -> list[AtTheDoor] | None:
    """The list for the door of an office: times and the ends of codes, in order of time.

    None where the actor does not see the names of the day: then its times are not theirs to list either.
    """
    if not sees_names(session, actor=actor, office=office, day=day, now=now):
        return None
    rows = session.execute(_AT_THE_DOOR, {"office": office.id, "day": day}).all()
    numbers = call_numbers([code for *_, code in rows])
    return [AtTheDoor(id, starts_at, number) for (id, starts_at, _), number in zip(rows, numbers, strict=True)]


def _as_seen(session: Session, found: Iterable[AppointmentRow], *, actor: Actor, now: datetime) -> list[AppointmentRow]:
    asked: dict[int, date] = {}
    return [
        row
        if in_own_window(session, actor=actor, office=row.office, day=row.day, now=now, asked=asked)
        else replace(row, person_name=None, identity_last4=None, wished=(), is_named=False)
        for row in found
    ]


def in_own_window(
    session: Session,
    *,
    actor: Actor,
    office: OfficeRow,
    day: date,
    now: datetime,
    asked: dict[int, date] | None = None,
) -> bool:
    """Whether the day lies in the window of the actor at this office; a day opened by a reason is none.

    `asked` keeps the next working day by office, for a caller that looks at several appointments.
    """
    if actor.is_system:
        return True
    own = own_days(actor, office=office)
    if own is OwnDays.NONE:
        return False
    today = local_day_of(now, zone=office.zone).date
    plans = own is OwnDays.PLANNED
    following = today
    if today < day <= today + PLANNED_AHEAD and not plans:
        asked = {} if asked is None else asked
        if office.id not in asked:
            asked[office.id] = next_working_day(session, office_id=office.id, today=today)
        following = asked[office.id]
    return is_in_window(day, today=today, next_working_day=following, plans=plans)


def own_days(actor: Actor, *, office: OfficeRow) -> OwnDays:
    """Which days of this office are the actor's own; who handles complaints about it has none."""
    is_reader = actor.may(Permission.APPOINTMENTS_NAMES, at=office.node)
    if not is_reader or actor.may(Permission.CASES_ANSWER, at=office.node.area):
        return OwnDays.NONE
    return OwnDays.PLANNED if actor.may(Permission.APPOINTMENTS_PLAN, at=office.node) else OwnDays.COUNTER


def next_working_day(session: Session, *, office_id: int, today: date) -> date:
    """The next day on which an office is open; tomorrow where none of the next two weeks does."""
    asked = {"office": office_id, "today": today, "until": today + PLANNED_AHEAD}
    return session.scalar(_NEXT, asked) or today + YESTERDAY


def _is_open(session: Session, *, actor: Actor, office: OfficeRow, day: date, now: datetime) -> bool:
    key = _key(actor, office=office, day=day, now=now)
    return session.execute(_OPENED, {"key": key}).first() is not None


def _key(actor: Actor, *, office: OfficeRow, day: date, now: datetime) -> str:
    today = local_day_of(now, zone=office.zone).date
    return f"opened:{actor.staff_id}:{office.id}:{day.isoformat()}:{today.isoformat()}"


def _counted(states: Iterable[AppointmentState]) -> dict[AppointmentState, int]:
    counts: dict[AppointmentState, int] = {}
    for state in states:
        counts[state] = counts.get(state, 0) + 1
    return counts
