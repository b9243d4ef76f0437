"""Reading shifts and alarms: who keeps order now, the register, and alarms that somebody has not seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.language.text import Localised
from desk.marshals.models import AlarmSeen, CrowdAlarm, MarshalShift
from desk.marshals.rules import DAYS_BACK, LONGEST_SHIFT, SHOWN_FOR
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.staff.models import StaffMember
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of

_shifts, _alarms, _seen = table_of(MarshalShift), table_of(CrowdAlarm), table_of(AlarmSeen)
_offices, _staff = table_of(Office), table_of(StaffMember)
_since = bindparam("since", type_=UtcDateTime())

_REGISTER = (
    select(*_shifts.c["id", "staff_id", "day", "began_at", "ended_at"], _staff.c.name)
    .join(_staff, _staff.c.id == _shifts.c.staff_id)
    .where(_shifts.c.office_id == bindparam("office"), _shifts.c.day >= bindparam("first"))
    .order_by(_shifts.c.began_at.desc(), _shifts.c.id)
)
_NOW = _REGISTER.where(_shifts.c.ended_at.is_(None), _shifts.c.began_at > _since)
_ALARMS = (
    select(
        *_alarms.c["id", "office_id", "raised_at"],
        _offices.c.name.label("office"),
        *_offices.c["code", "zone"],
        _staff.c.name.label("raiser"),
        select(func.count()).where(_seen.c.alarm_id == _alarms.c.id).scalar_subquery().label("seen"),
    )
    .join(_offices, _offices.c.id == _alarms.c.office_id)
    .outerjoin(_staff, _staff.c.id == _alarms.c.raised_by)
    .where(_alarms.c.raised_at > _since)
    .order_by(_alarms.c.raised_at.desc(), _alarms.c.id)
)
_UNSEEN = _ALARMS.where(
    ~exists().where(and_(_seen.c.alarm_id == _alarms.c.id, _seen.c.staff_id == bindparam("reader")))
)


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """Somebody who keeps order, or did."""

    id: int
    staff_id: int
    day: date
    began_at: datetime
    ended_at: datetime | None
    name: str


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm; `seen` = how many of those who are told have seen it."""

    id: int
    office_id: int
    raised_at: datetime
    office: Localised
    code: str
    zone: str
    raiser: str | None
    seen: int


def on_shift(session: Session, *, office_id: int, now: datetime) -> list[ShiftRow]:
    """Who keeps order at the office now; a shift that nobody ended counts for `LONGEST_SHIFT`."""
    since = now - LONGEST_SHIFT
    asked = {"office": office_id, "first": since.date() - timedelta(days=1), "since": since}
    return _shift_rows(session.execute(_NOW, asked))


def register(session: Session, *, office_id: int, today: date) -> list[ShiftRow]:
    """The shifts of the last days, the newest first."""
    asked = {"office": office_id, "first": today - timedelta(days=DAYS_BACK)}
    return _shift_rows(session.execute(_REGISTER, asked))


def alarms(session: Session, *, scope: Scope, since: datetime, limit: int) -> list[AlarmRow]:
    """The alarms of offices within `scope` after that moment, the newest first."""
    rows = session.execute(_ALARMS.where(offices_within(scope)).limit(limit), {"since": since})
    return _alarm_rows(rows)


def unseen(session: Session, *, actor: Actor, now: datetime, limit: int) -> list[AlarmRow]:
    """The alarms that the actor is told of and has not seen."""
    query = _UNSEEN.where(offices_within(actor.scope(Permission.CAPACITY_WRITE))).limit(limit)
    rows = session.execute(query, {"since": now - SHOWN_FOR, "reader": actor.staff_id})
    return _alarm_rows(rows)


def _shift_rows(rows: Iterable[Any]) -> list[ShiftRow]:
    return [ShiftRow(*row) for row in rows]


def _alarm_rows(rows: Iterable[Any]) -> list[AlarmRow]:
    return [AlarmRow(*row) for row in rows]
