"""Writes into the history what was done to a queue, with the office of the queue."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from desk.acting import Actor
from desk.capacity.models import Queue
from desk.events import actions as events
from desk.events.rules import Data
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_queues = table_of(Queue)
_OFFICE = select(_queues.c.office_id).where(_queues.c.id == bindparam("queue"))


def note_of_queue(
    session: WriteSession,
    *,
    action: str,
    queue_id: int,
    actor: Actor,
    now: datetime,
    old: Data | None = None,
    new: Data | None = None,
    detail: Data | None = None,
) -> None:
    """Write that `actor` did `action`, such as `day.set`, to the queue or one of its days."""
    events.note(
        session,
        staff_id=actor.staff_id,
        kind=action,
        subject=f"queue:{queue_id}",
        office_id=session.scalar(_OFFICE, {"queue": queue_id}),
        old=old,
        new=new,
        data=detail,
        now=now,
    )
