"""What the line holds of people: their priority class, which erasing empties; what else there is names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.line.models import LineEntry
from desk.parts import Again, ErasedKind, Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_entries, _appointments = table_of(LineEntry), table_of(Appointment)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    mine = select(_appointments.c.id).where(_appointments.c.conversation_id == leaving.conversation_id)
    session.execute(update(_entries).where(_entries.c.appointment_id.in_(mine)).values(class_id=None))


def _held(session: Session) -> Iterable[int]:
    return session.scalars(select(_entries.c.appointment_id).where(_entries.c.class_id.is_not(None)))


def _erase_again(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    session.execute(update(_entries).where(_entries.c.appointment_id.in_(ids)).values(class_id=None))


PRIVACY = Privacy(
    columns={
        "line_entries.class_id": Fate.EMPTIED,
        "line_entries.call_number": Kept(
            "the end of a code, or a number of the day; the appointment names nobody then"
        ),
        "line_entries.changed_by": Kept("who of the staff changed it"),
        "line_presses.key": Kept("random, and deleted some days later"),
        "line_presses.what": Kept("which button it was"),
        "line_presses.staff_id": Kept("who of the staff pressed"),
        "line_presses.appointment_id": Kept("an appointment, which names nobody then; deleted some days later"),
    },
    erase=_erase,
    again=Again(ErasedKind.APPOINTMENT, held=_held, erase=_erase_again),
)
