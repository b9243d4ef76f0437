"""Where somebody of a household goes whose time is taken away: to those who come with them, as far as places allow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.queries import first_free
from desk.capacity.together import times_together
from desk.consequences.models import ChangedAppointment
from desk.consequences.rules import Progress, Remedy
from desk.storage.upsert import table_of

appointments, changed = table_of(Appointment), table_of(ChangedAppointment)

DAYS_LOOKED_AT: Final = 5
"""So many days with free places are looked through for a time at which all fit."""
PLACES_LOOKED_AT: Final = 200
MOMENT: Final = timedelta(seconds=1)
_OTHERS = (
    select(*appointments.c["office_id", "day", "starts_at"], changed.c.step)
    .join_from(changed, appointments, appointments.c.id == changed.c.appointment_id)
    .where(
        changed.c.change_id == bindparam("change"),
        changed.c.remedy == Remedy.MOVE,
        changed.c.step.in_([Progress.WAITING, Progress.MOVED]),
        appointments.c.household_id == bindparam("household"),
        appointments.c.conversation_id == bindparam("chat"),
        appointments.c.id != bindparam("appointment"),
        appointments.c.state == AppointmentState.BOOKED,
        literal_column("appointments.is_live"),
    )
    .order_by(appointments.c.starts_at, appointments.c.id)
)


def slot_with_the_others(
    session: Session,
    *,
    change_id: int,
    appointment_id: int,
    household_id: int | None,
    chat_id: int | None,
    service_id: int,
    office_id: int,
    after: datetime,
) -> int | None:
    """The slot that keeps somebody with those of their household whom the same change hits.

    Where one of them has been moved, the next free slot of that office and day; else the first of a time of this office
    at which all of them fit. None = there is no such slot, or nobody comes with them.
    """
    if household_id is None or chat_id is None:
        return None
    asked = {"change": change_id, "household": household_id, "chat": chat_id, "appointment": appointment_id}
    others = session.execute(_OTHERS, asked).all()
    moved = [each for each in others if each.step == Progress.MOVED]
    if moved:
        there = moved[-1]
        found = first_free(
            session,
            service_id=service_id,
            office_ids=[there.office_id],
            after=max(after, moved[0].starts_at - MOMENT),
            by_office=True,
            limit=1,
        )
        return found[0].slot_id if found and found[0].day == there.day else None
    waiting = sum(each.step == Progress.WAITING for each in others)
    if not waiting:
        return None
    free = first_free(
        session, service_id=service_id, office_ids=[office_id], after=after, by_office=True, limit=PLACES_LOOKED_AT
    )
    for day in sorted({each.day for each in free})[:DAYS_LOOKED_AT]:
        times = times_together(
            session, service_id=service_id, office_id=office_id, day=day, people=waiting + 1, after=after
        )
        if times:
            return times[0].first.slot_id
    return None
