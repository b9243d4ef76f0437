"""What visits hold of people: the clerk's note; erasing removes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.parts import Again, ErasedKind, Fate, Kept, Leaving, Privacy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.visits.models import Visit

_visits, _appointments = table_of(Visit), table_of(Appointment)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    mine = select(_appointments.c.id).where(_appointments.c.conversation_id == leaving.conversation_id)
    session.execute(update(_visits).where(_visits.c.appointment_id.in_(mine)).values(note_sealed=None))


def _held(session: Session) -> Iterable[int]:
    return session.scalars(select(_visits.c.appointment_id).where(_visits.c.note_sealed.is_not(None)))


def _erase_again(session: WriteSession, ids: Sequence[int], *, now: datetime) -> None:
    session.execute(update(_visits).where(_visits.c.appointment_id.in_(ids)).values(note_sealed=None))


PRIVACY = Privacy(
    columns={
        "visits.arrived_by": Kept("who of the staff recorded it"),
        "visits.outcome_by": Kept("who of the staff recorded it"),
        "visits.note_sealed": Fate.EMPTIED,
    },
    erase=_erase,
    again=Again(ErasedKind.APPOINTMENT, held=_held, erase=_erase_again),
)
