"""Leave that somebody of the staff asks for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from desk.rosters.models import Leave
from desk.rosters.rules import LeaveState
from desk.rosters.stored import stored_reason
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY

REASON = "عروسی برادرم در هرات"


def put_leave(
    session: WriteSession,
    *,
    office_id: int,
    staff_id: int,
    first: date = TODAY + timedelta(days=20),
    days: int = 1,
    **more: Any,
) -> int:
    """Leave that waits for the manager, with a reason; returns the id."""
    row = Leave(
        office_id=office_id,
        staff_id=staff_id,
        first=first,
        last=first + timedelta(days=days - 1),
        **{"state": LeaveState.ASKED, "asked_at": NOW, **more},
    )
    session.add(row)
    session.flush()
    row.reason_sealed = stored_reason(session.keys, REASON, leave_id=row.id)
    session.flush()
    return row.id
