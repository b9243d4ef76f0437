"""The place that the people of a household have together at a slot, where the minutes of their service count for all.

One of them has it (`has_place`), so that a slot is counted by its rows as ever. The others come along, and the one who
has it hands it over on leaving: it is given back by the last of them. Where it is being decided who has it, the
household is held, so that of two who leave or join at once the second sees what the first did.
"""

from __future__ import annotations

from sqlalchemy import bindparam, func, select, update

from desk.appointments.booking import appointments
from desk.appointments.changing import AppointmentToChange
from desk.appointments.rules import HOLDS_A_PLACE
from desk.places.claims import HeldPlace
from desk.storage.base import WriteSession

_THERE = (
    appointments.c.household_id == bindparam("household"),
    appointments.c.slot_id == bindparam("slot"),
    appointments.c.id != bindparam("appointment"),
    appointments.c.state.in_(HOLDS_A_PLACE),
)
_HAS_PLACE_THERE = select(appointments.c.id).where(*_THERE, appointments.c.has_place).limit(1)
_HAND_OVER = (
    update(appointments)
    .where(appointments.c.id == select(func.min(appointments.c.id)).where(*_THERE).scalar_subquery())
    .values(
        has_place=True,
        is_counted=bindparam("counted", type_=appointments.c.is_counted.type),
        share=bindparam("of_share", type_=appointments.c.share.type),
    )
)


def joins_there(session: WriteSession, appointment: AppointmentToChange, *, slot_id: int) -> bool:
    """Whether its household has a place at this slot already, which serves this one too."""
    if not appointment.shares_place:
        return False
    asked = {"household": appointment.household_id, "slot": slot_id, "appointment": appointment.id}
    return session.connection().execute(_HAS_PLACE_THERE, asked).first() is not None


def place_left(session: WriteSession, appointment: AppointmentToChange) -> list[HeldPlace]:
    """The place that is free once it leaves its slot, to be given back or taken over by the caller.

    None where it came along, and where another of its household is there: that one has the place from now on, with
    what it counts for.
    """
    if not appointment.has_place:
        return []
    if appointment.shares_place:
        asked = {"household": appointment.household_id, "slot": appointment.slot_id, "appointment": appointment.id}
        counts = {"counted": appointment.is_counted, "of_share": appointment.share}
        if session.connection().execute(_HAND_OVER, asked | counts).rowcount:
            return []
    return [appointment.held]
