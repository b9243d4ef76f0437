"""Reading the appointments of a day at an office, for clerks and the queue marshal."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import CANCELLED
from desk.catalogue.models import Service
from desk.offices.models import Office
from desk.people.models import Person
from desk.storage.among import none_of
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of
from desk.visits.models import Visit
from desk.visits.rows import DayRow

__all__ = ["DayRow", "day_list"]


_appointment, _visit, _person = table_of(Appointment), table_of(Visit), table_of(Person)
_office, _service = table_of(Office), table_of(Service)

# Built once: open pages ask for it all day.
_DAY = (
    select(
        *columns_for(
            DayRow,
            *_appointment.c["starts_at", "person_name", "document_kind", "state"],
            *_visit.c["arrived_at", "outcome", "come_back_on", "note"],
            _office.c.zone,
            _person.c.identity_last4,
            appointment_id=_appointment.c.id,
            digits=_appointment.c.code,
            service=_service.c.short_title,
        )
    )
    .join_from(_appointment, _service, _service.c.id == _appointment.c.service_id)
    .join(_office, _office.c.id == _appointment.c.office_id)
    .outerjoin(_person, _person.c.id == _appointment.c.person_id)
    .outerjoin(_visit, _visit.c.appointment_id == _appointment.c.id)
    .where(_appointment.c.office_id == bindparam("office"), _appointment.c.day == bindparam("day"))
    .order_by(_appointment.c.starts_at, _appointment.c.id)
)
_DAY_WITHOUT_CANCELLED = _DAY.where(none_of(_appointment.c.state, sorted(CANCELLED)))


def day_list(session: Session, *, office_id: int, day: date, with_cancelled: bool = False) -> list[DayRow]:
    """The appointments of a day at an office, in order of time. One statement."""
    found = session.execute(_DAY if with_cancelled else _DAY_WITHOUT_CANCELLED, {"office": office_id, "day": day})
    return [DayRow(*row) for row in found]
