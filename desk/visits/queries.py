"""Reading the appointments of a day at an office, for clerks and the queue marshal."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.appointments.assistance import COLUMNS as WISHES
from desk.appointments.assistance import wished_of, wishes
from desk.appointments.contested import named_twice
from desk.appointments.models import Appointment
from desk.appointments.rules import CANCELLED
from desk.appointments.stored import read_name
from desk.capacity.shares import Share
from desk.catalogue.models import Service
from desk.offices.models import Office
from desk.people.models import Person
from desk.people.stored import read_last4
from desk.storage.among import none_of
from desk.storage.base import keys_of
from desk.storage.upsert import table_of
from desk.visits.models import Visit
from desk.visits.rows import DayRow
from desk.visits.stored import read_note

__all__ = ["DayRow", "day_list"]


_appointment, _visit, _person = table_of(Appointment), table_of(Visit), table_of(Person)
_office, _service = table_of(Office), table_of(Service)

# Built once: open pages ask for it all day.
_DAY = (
    select(
        *_appointment.c["id", "code", "starts_at", "name_sealed", "person_id", "document_kind", "state"],
        *_appointment.c["household_id", "conversation_id", "share"],
        _appointment.c.confirmed_at.is_not(None).label("has_confirmed"),
        *_visit.c["arrived_at", "outcome", "come_back_on", "note_sealed"],
        _office.c.zone,
        _person.c.last4_sealed,
        _service.c.short_title,
        named_twice(_appointment).label("is_named_twice"),
        _appointment.c.moves,
        *WISHES,
        wishes.c.appointment_id.label("wishes_of"),
    )
    .join_from(_appointment, _service, _service.c.id == _appointment.c.service_id)
    .join(_office, _office.c.id == _appointment.c.office_id)
    .outerjoin(_person, _person.c.id == _appointment.c.person_id)
    .outerjoin(wishes, wishes.c.appointment_id == _appointment.c.id)
    .outerjoin(_visit, _visit.c.appointment_id == _appointment.c.id)
    .where(_appointment.c.office_id == bindparam("office"), _appointment.c.day == bindparam("day"))
    .order_by(_appointment.c.starts_at, _appointment.c.id)
)
_DAY_WITHOUT_CANCELLED = _DAY.where(none_of(_appointment.c.state, sorted(CANCELLED)))


def day_list(session: Session, *, office_id: int, day: date, with_cancelled: bool = False) -> list[DayRow]:
    """The appointments of a day at an office, in order of time. One statement."""
    found = session.execute(_DAY if with_cancelled else _DAY_WITHOUT_CANCELLED, {"office": office_id, "day": day})
    keys = keys_of(session)
    return [
        DayRow(
            appointment_id=row.id,
            digits=row.code,
            starts_at=row.starts_at,
            zone=row.zone,
            person_name=read_name(keys, row.name_sealed, digits=row.code),
            identity_last4=read_last4(keys, row.last4_sealed, id=row.person_id),
            document_kind=row.document_kind,
            service=row.short_title,
            state=row.state,
            arrived_at=row.arrived_at,
            outcome=row.outcome,
            come_back_on=row.come_back_on,
            is_named_twice=row.is_named_twice,
            is_walk_in=row.share is Share.WALK_IN,
            has_confirmed=bool(row.has_confirmed),
            household=(row.household_id, row.conversation_id) if row.household_id is not None else None,
            wished=wished_of(
                (row.woman_clerk, row.pashto, row.arabic), answered_at=row.answered_at_moves, moves=row.moves
            )
            if row.wishes_of
            else (),
            note=read_note(keys, row.note_sealed, appointment_id=row.id),
        )
        for row in found
    ]
