"""Writes the messages about an appointment that keeps its time: it stands, or the office has moved."""

from __future__ import annotations

from datetime import datetime

from desk.appointments.notices import about
from desk.consequences.rules import ChangeNotice
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane, Recipient
from desk.storage.base import WriteSession


def tell(
    session: WriteSession,
    *,
    notice: ChangeNotice,
    change_id: int,
    appointment_id: int,
    moves: int,
    to: Recipient,
    now: datetime,
) -> str:
    """Write the notice to the outbox and return its key; a change tells an appointment once."""
    key = f"{notice}:{change_id}:{appointment_id}"
    enqueue(
        session,
        idem_key=key,
        to=to,
        notice=notice,
        params={"appointment": appointment_id, "moves": moves, "change": change_id},
        about=about(appointment_id),
        lane=Lane.REPLY,
        due_at=now,
        now=now,
    )
    return key
