"""The message with the tracking code of an inquiry."""

from __future__ import annotations

from datetime import datetime

from desk.appointments.notices import about
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane, Recipient
from desk.records.rules import RecordNotice
from desk.storage.base import WriteSession


def tell_code(session: WriteSession, *, inquiry_id: int, appointment_id: int, to: Recipient, now: datetime) -> None:
    """Tell the person what was looked up about them, and the code."""
    enqueue(
        session,
        idem_key=f"inquiry:{inquiry_id}",
        to=to,
        notice=RecordNotice.INQUIRY,
        params={"inquiry": inquiry_id},
        about=about(appointment_id),
        lane=Lane.REPLY,
        due_at=now,
        now=now,
    )
