"""Writing a line into the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from desk.events.models import AuditEntry
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_INSERT = insert(table_of(AuditEntry)).inline()


def note(
    session: WriteSession,
    *,
    staff_id: int | None,
    kind: str,
    subject: str,
    detail: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Log that `staff_id` (None = the system) did `kind` to `subject`, such as `case.reply` to `case:7`.

    `detail` holds ids, codes and amounts; never names, numbers of papers or what people wrote.
    """
    session.connection().execute(
        _INSERT, {"at": now, "staff_id": staff_id, "action": kind, "subject": subject, "detail": detail or {}}
    )
