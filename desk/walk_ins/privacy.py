"""What slips hold of people: none of them names anybody, and those of a chat's appointments go with it."""

from __future__ import annotations

from sqlalchemy import delete, select

from desk.appointments.models import Appointment
from desk.parts import Fate, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.walk_ins.models import WalkInSlip

_slips, _appointments = table_of(WalkInSlip), table_of(Appointment)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    theirs = select(_appointments.c.id).where(_appointments.c.conversation_id == leaving.conversation_id)
    session.execute(delete(_slips).where(_slips.c.appointment_id.in_(theirs)))


PRIVACY = Privacy(
    columns={
        "walk_in_slips.appointment_id": Fate.DELETED,
        "walk_in_slips.mark": Fate.DELETED,
        "walk_in_slips.spent_mark": Fate.DELETED,
    },
    erase=_erase,
)
