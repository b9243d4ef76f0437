"""Lets proposed times go to those who wait, where no answer has come by the evening before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from desk.acting import SYSTEM
from desk.appointments.actions import let_go
from desk.appointments.models import Appointment
from desk.appointments.notices import let_go_key
from desk.appointments.proposing import unanswered
from desk.appointments.refusals import NotCancellable
from desk.consequences.models import ChangedAppointment
from desk.consequences.rules import Progress
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_changed, _appointments = table_of(ChangedAppointment), table_of(Appointment)


def let_unanswered_go(session: WriteSession, *, now: datetime, limit: int) -> int:
    """End the appointments whose proposed time is kept no longer, and tell each person; returns their number.

    Whom no message reaches stays on the list of the office.
    """
    due = unanswered(session, now=now, limit=limit)
    for appointment_id in due:
        try:
            let_go(session, appointment_id=appointment_id, actor=SYSTEM, now=now)
        except NotCancellable:
            continue  # the person answered at this moment
        _note(session, appointment_id=appointment_id)
    return len(due)


def _note(session: WriteSession, *, appointment_id: int) -> None:
    """From now on the message that counts for the change is the one that says so."""
    of = select(_appointments.c.moves, _appointments.c.conversation_id).where(_appointments.c.id == appointment_id)
    moves, chat = session.execute(of).one()
    last = select(func.max(_changed.c.id)).where(
        _changed.c.appointment_id == appointment_id, _changed.c.step == Progress.MOVED
    )
    session.connection().execute(
        update(_changed)
        .where(_changed.c.id == last.scalar_subquery())
        .values(step=Progress.CANCELLED, message_key=None if chat is None else let_go_key(appointment_id, moves=moves))
    )
