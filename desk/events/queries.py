"""Reading the log, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.events.models import AuditEntry
from desk.storage.upsert import table_of

_a = table_of(AuditEntry).c
_LINES = select(_a.id, _a.at, _a.staff_id, _a.action, _a.subject, _a.detail).order_by(_a.id.desc())


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who (None = the system) did what to what."""

    id: int
    at: datetime
    staff_id: int | None
    action: str
    subject: str
    detail: dict[str, Any]


def of(session: Session, *, subject: str, limit: int = 100) -> list[AuditLine]:
    """What was done to `subject`, such as `case:7`."""
    return [AuditLine(*row) for row in session.execute(_LINES.where(_a.subject == subject).limit(limit))]


def latest(
    session: Session, *, staff_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> list[AuditLine]:
    """The newest lines, of one staff member where named; `before_id` = the last line of the page before."""
    query = _LINES.limit(limit)
    if staff_id is not None:
        query = query.where(_a.staff_id == staff_id)
    if before_id is not None:
        query = query.where(_a.id < before_id)
    return [AuditLine(*row) for row in session.execute(query)]
