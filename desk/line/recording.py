"""Arrivals and outcomes that carry the key of a press, so that one sent twice is recorded once."""

from __future__ import annotations

from datetime import datetime

from desk.acting import Actor
from desk.line.entries import require_reach
from desk.line.presses import applied_before
from desk.line.rules import Press
from desk.storage.base import WriteSession
from desk.visits.actions import record_arrival, record_outcome
from desk.visits.rules import Outcome


def arrive(session: WriteSession, *, appointment_id: int, press: Press, actor: Actor, now: datetime) -> bool:
    """Record an arrival; False = the same press was applied before.

    Raises NotYourPress, and what `record_arrival` raises.
    """
    require_reach(session, appointment_id=appointment_id, actor=actor, now=now)
    if applied_before(session, press, what="arrive", appointment_id=appointment_id, actor=actor, now=now) is not None:
        return False
    record_arrival(session, appointment_id=appointment_id, actor=actor, now=now)
    return True


def finish(
    session: WriteSession,
    *,
    appointment_id: int,
    outcome: Outcome,
    is_sure: bool = False,
    note: str | None = None,
    press: Press,
    actor: Actor,
    now: datetime,
) -> bool:
    """Record an outcome that needs no new date; False = the same press was applied before.

    Raises NotYourPress, and what `record_outcome` raises.
    """
    require_reach(session, appointment_id=appointment_id, actor=actor, now=now)
    if applied_before(session, press, what="finish", appointment_id=appointment_id, actor=actor, now=now) is not None:
        return False
    record_outcome(
        session, appointment_id=appointment_id, outcome=outcome, is_sure=is_sure, note=note, actor=actor, now=now
    )
    return True
