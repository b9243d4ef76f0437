"""The messages about decisions on absences, and about visits that the office did not give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desk.absences.rules import AbsenceNotice
from desk.appointments.notices import about
from desk.outbox.actions import drop, enqueue
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Lane
from desk.storage.base import WriteSession
from desk.visits.recording import AppointmentToRecord
from desk.visits.rules import VisitNotice


def tell_upheld(session: WriteSession, *, absence_id: int, appointment: AppointmentToRecord, now: datetime) -> None:
    """Tell the person that the absence stands, and why."""
    _tell(session, AbsenceNotice.UPHELD, f"absence:{absence_id}", appointment, more={"absence": absence_id}, now=now)


def tell_instead(
    session: WriteSession, *, notice: AbsenceNotice, appointment: AppointmentToRecord, now: datetime
) -> None:
    """Tell the person that the visit was not given; its new appointment is read when the message is sent."""
    drop(session, about=about(appointment.id), notices=[VisitNotice.ABSENT, VisitNotice.UNDONE])
    _tell(session, notice, f"instead:{appointment.id}", appointment, now=now)


def _tell(
    session: WriteSession,
    notice: AbsenceNotice,
    key: str,
    appointment: AppointmentToRecord,
    *,
    more: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    if appointment.address is None:
        return
    enqueue(
        session,
        idem_key=f"{notice}:{key}",
        to=appointment.address,
        notice=notice,
        params={"appointment": appointment.id, **(more or {})},
        about=about(appointment.id),
        lane=Lane.REPLY,
        due_at=after_the_night(now, zone=appointment.zone),
        now=now,
    )
