"""Where somebody of a household goes whose time is taken away: to those who come with them, as far as places allow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment, Household
from desk.appointments.rules import AppointmentState
from desk.capacity.bookable import FOR_A_SERVICE, window
from desk.capacity.queries import first_free
from desk.capacity.together import times_together
from desk.consequences.models import ChangedAppointment
from desk.consequences.rules import Progress, Remedy
from desk.storage.upsert import table_of

appointments, changed, households = table_of(Appointment), table_of(ChangedAppointment), table_of(Household)

DAYS_LOOKED_AT: Final = 5
"""So many days with free places are looked through for a time at which all fit."""
PLACES_LOOKED_AT: Final = 200
MOMENT: Final = timedelta(seconds=1)
_OTHERS = (
    select(*appointments.c["office_id", "day", "starts_at", "slot_id"], changed.c.step, households.c.shares_place)
    .join_from(changed, appointments, appointments.c.id == changed.c.appointment_id)
    .join(households, households.c.id == appointments.c.household_id)
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
    at which all of them fit. Of a household that shares a place, the slot of the one who has been moved. None = there
    is no such slot, or nobody comes with them; then any free place will do.
    """
    if household_id is None or chat_id is None:
        return None
    asked = {"change": change_id, "household": household_id, "chat": chat_id, "appointment": appointment_id}
    others = session.execute(_OTHERS, asked).all()
    moved = [each for each in others if each.step == Progress.MOVED]
    if others and others[0].shares_place:
        ahead = [each.slot_id for each in moved if each.starts_at > after]
        return next((slot for slot in ahead if _is_given(session, slot, service_id=service_id, after=after)), None)
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


def _is_given(session: Session, slot_id: int, *, service_id: int, after: datetime) -> bool:
    """Whether the service is still given at this slot, also where it is full: they come to a place they have."""
    asked = {"slot": slot_id, "service": service_id, **window(after, by_office=True, by_draw=True)}
    found = session.execute(FOR_A_SERVICE, asked).one_or_none()
    return found is not None and found.why_not is None
