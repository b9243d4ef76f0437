"""What is told of an appointment that keeps its time: that it stands although something changed, or where the office is
now."""

from __future__ import annotations

from datetime import datetime

from desk.appointments.notices import about
from desk.consequences.rules import Notice
from desk.outbox.actions import enqueue
from desk.outbox.rules import Address3, Lane
from desk.storage.base import WriteSession


def tell(
    session: WriteSession,
    *,
    notice: Notice,
    change_id: int,
    appointment_id: int,
    moves: int,
    to: Address3,
    now: datetime,
) -> str:
    """Put the notice on its way; its outbox key. The same change tells an appointment once."""
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
