"""Past appointments without an outcome: time makes nobody absent, so each stays until its outcome is recorded."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from desk.absences.rows import DayUnrecorded, Unrecorded
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.appointments.stored import read_name
from desk.calendar import TEHRAN, local_day_of
from desk.catalogue.models import Service
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.storage.base import keys_of
from desk.storage.upsert import table_of

_appointments, _offices, _services = table_of(Appointment), table_of(Office), table_of(Service)
# Written as in the partial index, which SQLite then uses.
_NOT_LIVE: ColumnElement[bool] = literal_column("(NOT appointments.is_live)")
_WITHOUT: ColumnElement[bool] = literal_column("(appointments.state IN ('booked', 'arrived'))")
UNRECORDED_OF_OFFICE = (
    _NOT_LIVE,
    _WITHOUT,
    _appointments.c.office_id == bindparam("office"),
    _appointments.c.day < bindparam("today"),
)
"""The past appointments of one office that nobody recorded."""
_DAYS = (
    select(_offices.c.id, _offices.c.name, _offices.c.code, _appointments.c.day, func.count().label("number"))
    .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
    .where(_NOT_LIVE, _WITHOUT, _appointments.c.day < bindparam("today"))
    .group_by(_offices.c.id, _offices.c.name, _offices.c.code, _appointments.c.day)
    .order_by(_appointments.c.day, _offices.c.id)
)
_NUMBER = (
    select(func.count())
    .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
    .where(_NOT_LIVE, _WITHOUT, _appointments.c.day < bindparam("today"))
)
_OF_DAY = (
    select(
        *_appointments.c["id", "code", "starts_at", "state", "name_sealed"], _offices.c.zone, _services.c.short_title
    )
    .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
    .join(_services, _services.c.id == _appointments.c.service_id)
    .where(
        _NOT_LIVE, _WITHOUT, _appointments.c.office_id == bindparam("office"), _appointments.c.day == bindparam("day")
    )
    .order_by(_appointments.c.starts_at, _appointments.c.id)
)


def days_unrecorded(session: Session, *, scope: Scope, now: datetime) -> list[DayUnrecorded]:
    """The past days of offices within `scope` with appointments that nobody recorded, the oldest first."""
    rows = session.execute(_DAYS.where(offices_within(scope)), {"today": today_of(now)})
    return [DayUnrecorded(*row) for row in rows]


def number_unrecorded(session: Session, *, scope: Scope, now: datetime) -> int:
    """How many appointments of past days nobody recorded within `scope`."""
    return session.scalar(_NUMBER.where(offices_within(scope)), {"today": today_of(now)}) or 0


def unrecorded_of_day(session: Session, *, office_id: int, day: date, named: bool, now: datetime) -> list[Unrecorded]:
    """The appointments of a past day of an office that nobody recorded; with names only where they are `named`."""
    if day >= today_of(now):
        return []
    keys = keys_of(session)
    return [
        Unrecorded(
            appointment_id=row.id,
            digits=row.code,
            starts_at=row.starts_at,
            zone=row.zone,
            service=row.short_title,
            has_arrived=row.state is AppointmentState.ARRIVED,
            person_name=read_name(keys, row.name_sealed, digits=row.code) if named else None,
        )
        for row in session.execute(_OF_DAY, {"office": office_id, "day": day})
    ]


def today_of(now: datetime) -> date:
    """The day before which a day is over everywhere."""
    return local_day_of(now, zone=TEHRAN).date
