"""The messages about a visit: its outcome, its correction, and a name that was corrected at the counter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from desk.appointments.notices import about
from desk.outbox.actions import drop, enqueue
from desk.outbox.queries import was_sent
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Lane, Recipient
from desk.storage.base import WriteSession
from desk.visits.rules import Outcome, VisitNotice

OUTCOMES = {
    Outcome.SERVED: VisitNotice.SERVED,
    Outcome.COME_BACK: VisitNotice.COME_BACK,
    Outcome.ABSENT: VisitNotice.ABSENT,
}
"""The notice of each outcome."""

GRACE = timedelta(minutes=5)
"""How long the notice of an absence waits; a mistake undone by then is never sent."""


def outcome_key(appointment_id: int, *, nth: int) -> str:
    """The outbox key of the notice of the `nth` outcome of an appointment."""
    return f"outcome:{appointment_id}:{nth}"


def tell_outcome(
    session: WriteSession,
    *,
    appointment_id: int,
    outcome: Outcome,
    nth: int,
    slot_id: int | None = None,
    to: Recipient,
    zone: str,
    now: datetime,
) -> None:
    """Tell the person the outcome; `slot_id` is the slot at which they come back.

    An unsent correction of the outcome before is withdrawn: this notice replaces it.
    """
    drop(session, about=about(appointment_id), notices=[VisitNotice.UNDONE])
    waits = outcome is not Outcome.COME_BACK
    params: dict[str, Any] = {"appointment": appointment_id}
    enqueue(
        session,
        idem_key=outcome_key(appointment_id, nth=nth),
        to=to,
        notice=OUTCOMES[outcome],
        params=params if slot_id is None else params | {"slot": slot_id},
        about=about(appointment_id),
        lane=Lane.BULK if waits else Lane.REPLY,
        due_at=after_the_night(now + GRACE, zone=zone) if waits else now,
        now=now,
    )


def unsay_outcome(session: WriteSession, *, appointment_id: int, nth: int) -> bool:
    """Withdraw the notice of the `nth` outcome; returns True where the person was told already."""
    told = was_sent(session, idem_keys=[outcome_key(appointment_id, nth=nth)])
    drop(session, about=about(appointment_id), notices=list(OUTCOMES.values()))
    return told


def tell_undone(
    session: WriteSession, *, appointment_id: int, nth: int, given_id: int | None, to: Recipient, now: datetime
) -> None:
    """Tell the person that the `nth` outcome was a mistake; `given_id` is the appointment that had come with it."""
    params: dict[str, Any] = {"appointment": appointment_id}
    enqueue(
        session,
        idem_key=f"outcome_undone:{appointment_id}:{nth}",
        to=to,
        notice=VisitNotice.UNDONE,
        params=params if given_id is None else params | {"given": given_id},
        about=about(appointment_id),
        lane=Lane.REPLY,
        due_at=now,
        now=now,
    )


def tell_name(session: WriteSession, *, appointment_id: int, nth: int, to: Recipient | None, now: datetime) -> None:
    """Tell the person that the office corrected the name, the `nth` correction; `to` is None where no chat is left."""
    if to is None:
        return
    drop(session, about=about(appointment_id), notices=[VisitNotice.NAME_CORRECTED])
    enqueue(
        session,
        idem_key=f"name_corrected:{appointment_id}:{nth}",
        to=to,
        notice=VisitNotice.NAME_CORRECTED,
        params={"appointment": appointment_id},
        about=about(appointment_id),
        lane=Lane.REPLY,
        due_at=now,
        now=now,
    )
