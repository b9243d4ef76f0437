"""Reading recorded absences: those that wait for a decision, one of them, and what a chat may read of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from desk.absences.models import Absence
from desk.absences.reactors import ABSENCES
from desk.absences.rows import AbsenceRow, LastAbsence
from desk.absences.rules import AbsenceState
from desk.absences.unrecorded import UNRECORDED_OF_OFFICE, today_of
from desk.absences.unserved import given_key
from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.catalogue.models import Service
from desk.deadlines.queries import current, due_of
from desk.deadlines.rules import Side
from desk.offices.models import Office
from desk.offices.reach import office_ids_within
from desk.organisation import Scope
from desk.staff.models import StaffMember
from desk.storage.upsert import table_of

_absences, _appointments, _services = table_of(Absence), table_of(Appointment), table_of(Service)
_offices, _staff = table_of(Office), table_of(StaffMember)
_recorders, _deciders = _staff.alias("recorders"), _staff.alias("deciders")
_due = current(ABSENCES, _absences.c.id, owed_by=Side.DESK, name="due")
_ROWS = (
    select(
        *_absences.c["id", "appointment_id", "office_id", "state", "recorded_at", "recorded_by", "answered_at"],
        *_absences.c["decided_at", "why"],
        *_appointments.c["code", "starts_at", "day"],
        _services.c.short_title,
        _offices.c.zone,
        _offices.c.name.label("office"),
        _offices.c.code.label("office_code"),
        _recorders.c.name.label("recorder"),
        _deciders.c.name.label("decider"),
        *_due.columns,
    )
    .select_from(_due.joined_to(_absences))
    .join(_appointments, _appointments.c.id == _absences.c.appointment_id)
    .join(_services, _services.c.id == _appointments.c.service_id)
    .join(_offices, _offices.c.id == _absences.c.office_id)
    .outerjoin(_recorders, _recorders.c.id == _absences.c.recorded_by)
    .outerjoin(_deciders, _deciders.c.id == _absences.c.decided_by)
)
_IS_OBJECTED = _absences.c.state == AbsenceState.OBJECTED
_WAITING = _ROWS.where(_IS_OBJECTED).order_by(_due.due_at, _absences.c.id)
_DECIDED = _ROWS.where(_absences.c.decided_at.is_not(None)).order_by(_absences.c.decided_at.desc(), _absences.c.id)
_NUMBER = select(func.count()).select_from(_absences).where(_IS_OBJECTED)
_LAST = (
    select(*_absences.c["state", "recorded_at", "why"])
    .where(_absences.c.appointment_id == bindparam("appointment"))
    .order_by(_absences.c.nth.desc())
    .limit(1)
)
_RECORDED = (
    select(_absences.c.id)
    .where(_absences.c.appointment_id == bindparam("appointment"), _absences.c.recorded_by == bindparam("member"))
    .limit(1)
)
_GIVEN = select(_appointments.c.id).where(_appointments.c.idem_key == bindparam("key"))

_WAIT = select(
    select(func.count()).select_from(_appointments).where(*UNRECORDED_OF_OFFICE).scalar_subquery(),
    _NUMBER.where(_absences.c.office_id == bindparam("office")).scalar_subquery(),
)


class OutcomesThatWait(NamedTuple):
    """What of past appointments of an office waits for its manager."""

    unrecorded: int
    objected: int


def outcomes_that_wait(session: Session, *, office_id: int, now: datetime) -> OutcomesThatWait:
    """What waits at one office. One statement."""
    return OutcomesThatWait(*session.execute(_WAIT, {"office": office_id, "today": today_of(now)}).one())


def objections(session: Session, *, scope: Scope, limit: int) -> list[AbsenceRow]:
    """The objections within `scope` that wait for a decision, the one due next first."""
    return _read(session, _WAITING.where(office_ids_within(scope, _absences.c.office_id)).limit(limit))


def decided(session: Session, *, scope: Scope, limit: int) -> list[AbsenceRow]:
    """The decisions within `scope`, the last first."""
    return _read(session, _DECIDED.where(office_ids_within(scope, _absences.c.office_id)).limit(limit))


def absence(session: Session, *, absence_id: int) -> AbsenceRow | None:
    """One absence, whatever became of it."""
    return next(iter(_read(session, _ROWS.where(_absences.c.id == absence_id))), None)


def number_objected(session: Session, *, scope: Scope) -> int:
    """How many objections within `scope` wait for a decision."""
    return session.scalar(_NUMBER.where(office_ids_within(scope, _absences.c.office_id))) or 0


def has_recorded(session: Session, *, appointment_id: int, by: Actor) -> bool:
    """Whether this member of staff recorded an absence of the appointment, also one that was taken back."""
    asked = {"appointment": appointment_id, "member": by.staff_id}
    return session.execute(_RECORDED, asked).first() is not None


def last_of(session: Session, *, appointment_id: int) -> LastAbsence | None:
    """The absence that was recorded last of this appointment."""
    found = session.execute(_LAST, {"appointment": appointment_id}).one_or_none()
    return None if found is None else LastAbsence(*found)


def given_instead(session: Session, *, appointment_id: int) -> int | None:
    """The appointment that was booked in the place of this one, which the office did not serve."""
    return session.scalar(_GIVEN, {"key": given_key(appointment_id)})


def _read(session: Session, query: Select[Any]) -> list[AbsenceRow]:
    rows: Sequence[Any] = session.execute(query).all()
    return [
        AbsenceRow(
            id=row.id,
            appointment_id=row.appointment_id,
            digits=row.code,
            starts_at=row.starts_at,
            day=row.day,
            zone=row.zone,
            service=row.short_title,
            office_id=row.office_id,
            office=row.office,
            office_code=row.office_code,
            state=row.state,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            recorder=row.recorder,
            answered_at=row.answered_at,
            decided_at=row.decided_at,
            decider=row.decider,
            why=row.why,
            due=due_of(row),
        )
        for row in rows
    ]
