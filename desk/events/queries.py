"""Reading events, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.acting import ActorKind
from desk.events.models import Event
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_e = table_of(Event).c


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event: who did what to which subject, and the values that changed."""

    id: int
    at: datetime
    kind: str
    actor_kind: ActorKind
    actor_id: int | None
    """The id of the member of staff."""
    subject: str
    others: list[str]
    office_id: int | None
    province_code: str | None
    data: dict[str, Any]


COLUMNS = columns_for(
    EventRow,
    *_e["id", "at", "kind", "actor_kind", "actor_id", "subject", "others", "office_id", "province_code", "data"],
)
_NEWEST = select(func.max(_e.at))
_LINES = select(*COLUMNS).order_by(_e.id.desc())


def of(session: Session, *, subject: str, limit: int = 100) -> list[EventRow]:
    """The events of `subject`, such as `case:7`."""
    return [EventRow(*row) for row in session.execute(_LINES.where(_e.subject == subject).limit(limit))]


def latest(
    session: Session, *, staff_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> list[EventRow]:
    """The newest events, of one member of staff if given; `before_id` = the last id of the page before."""
    query = _LINES.limit(limit)
    if staff_id is not None:
        query = query.where(_e.actor_id == staff_id)
    if before_id is not None:
        query = query.where(_e.id < before_id)
    return [EventRow(*row) for row in session.execute(query)]


def newest_at(session: Session) -> datetime | None:
    """When the newest event happened; None where there is none."""
    found: datetime | None = session.execute(_NEWEST).scalar_one()
    return found
