"""Reading leave: what somebody asked for, and what waits for the manager of an office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from desk.rosters.models import Leave
from desk.rosters.rules import LeaveState
from desk.rosters.stored import read_reason, read_word
from desk.staff.models import StaffMember
from desk.storage.base import keys_of
from desk.storage.upsert import table_of

_leaves, _members = table_of(Leave), table_of(StaffMember)
_c = _leaves.c
_ROWS = select(_leaves, _members.c.name).join(_members, _members.c.id == _c.staff_id)
_OWN = _ROWS.where(_c.staff_id == bindparam("staff"), _c.office_id == bindparam("office")).order_by(
    _c.first.desc(), _c.id
)
_ASKED = _ROWS.where(_c.office_id == bindparam("office"), _c.state == LeaveState.ASKED).order_by(_c.first, _c.id)
_ONE = _ROWS.where(_c.id == bindparam("leave"))
MOST = 50


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Leave with who asked for it."""

    id: int
    office_id: int
    staff_id: int
    name: str
    first: date
    last: date
    state: LeaveState
    reason: str
    word: str
    asked_at: datetime


def own_leave(session: Session, *, office_id: int, staff_id: int) -> list[LeaveRow]:
    """What somebody asked for at this office, the latest first."""
    return _read(session, _OWN.limit(MOST), {"office": office_id, "staff": staff_id})


def leave_asked(session: Session, *, office_id: int) -> list[LeaveRow]:
    """What waits for the manager of the office, the earliest day first."""
    return _read(session, _ASKED.limit(MOST), {"office": office_id})


def leave(session: Session, *, leave_id: int) -> LeaveRow | None:
    """One of them; None = there is no such leave."""
    return next(iter(_read(session, _ONE, {"leave": leave_id})), None)


def _read(session: Session, query: Any, asked: Mapping[str, Any]) -> list[LeaveRow]:
    keys = keys_of(session)

    def shown(row: Row[Any]) -> LeaveRow:
        return LeaveRow(
            row.id,
            row.office_id,
            row.staff_id,
            row.name,
            row.first,
            row.last,
            row.state,
            read_reason(keys, row.reason_sealed, leave_id=row.id),
            read_word(keys, row.word_sealed, leave_id=row.id),
            row.asked_at,
        )

    return [shown(row) for row in session.execute(query, asked)]
