"""Records the appointments that a change affects, each with what is to become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import insert

from desk.consequences.hit import HitAppointment
from desk.consequences.models import ChangedAppointment
from desk.consequences.rules import Progress, Remedy
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

changed = table_of(ChangedAppointment)


def record(
    session: WriteSession,
    change_id: int,
    hit: Sequence[HitAppointment],
    *,
    remedy: Remedy | None,
    others: Mapping[int, Remedy],
) -> None:
    """Record these appointments of a change; `remedy` None = nobody has decided about them."""
    session.connection().execute(
        insert(changed),
        [
            {
                "change_id": change_id,
                "appointment_id": appointment.id,
                "office_id": appointment.office_id,
                "slot_id": appointment.slot_id,
                "starts_at": appointment.starts_at,
                "why": appointment.why,
                "remedy": others.get(appointment.id, remedy),
                "step": Progress.OPEN if remedy is None else Progress.WAITING,
            }
            for appointment in hit
        ],
    )
