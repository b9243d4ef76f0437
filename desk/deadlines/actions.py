"""The actions on deadlines: start, meet, drop, pause and resume them, and update their levels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, delete, insert, select, update

from desk.deadlines.models import Deadline
from desk.deadlines.rules import KINDS, DeadlineKind, DeadlineLevel, Promise, Side, level, looked_at_next, soonest
from desk.storage.base import WriteSession
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of

_deadlines = table_of(Deadline)
_c = _deadlines.c

_IS_OPEN = (_c.met_at.is_(None), _c.dropped_at.is_(None))
_OF = (_c.subject == bindparam("of"), _c.subject_id == bindparam("of_id"), _c.owed_by == bindparam("side"))
_NOW: ColumnElement[Any] = bindparam("now", type_=UtcDateTime())
_ENDED: dict[str, Any] = {"is_running": False, "look_at": None}
_REPLACE = (
    update(_deadlines)
    .where(*_OF)
    .values(
        **_ENDED,
        is_current=False,
        dropped_at=case((_c.met_at.is_(None) & _c.dropped_at.is_(None), _NOW), else_=_c.dropped_at),
    )
)
_MEET = (
    update(_deadlines)
    .where(*_OF, *_IS_OPEN)
    .values(**_ENDED, met_at=_NOW)
    .returning(_c.id, _c.kind, _c.due_at, _c.paused_at)
)
_DROP = update(_deadlines).where(*_OF, *_IS_OPEN).values(**_ENDED, dropped_at=_NOW)
# The earliest deadline that runs; where none does, the one that was started last.
_COUNTS = (
    select(_c.id)
    .where(*_OF)
    .order_by(_c.is_running.desc(), case((_c.is_running, _c.due_at)), _c.started_at.desc(), _c.due_at.desc())
    .limit(1)
)
_UNPOINT = update(_deadlines).where(*_OF, _c.is_current).values(is_current=False)
_POINT = update(_deadlines).where(_c.id == _COUNTS.scalar_subquery()).values(is_current=True)
_PAUSE = update(_deadlines).where(*_OF, *_IS_OPEN, _c.paused_at.is_(None)).values(**_ENDED, paused_at=_NOW)
_PAUSED = select(_c.id, _c.kind, _c.due_at, _c.paused_at).where(*_OF, *_IS_OPEN, _c.paused_at.is_not(None))
_LAST_MET = select(_c.id, _c.kind, _c.due_at).where(*_OF, _c.is_current, _c.met_at.is_not(None))
_CHANGED = select(_c.id, _c.subject, _c.subject_id, _c.kind, _c.due_at).where(_c.look_at < _NOW).order_by(_c.look_at)


def _which(subject: str, subject_id: int, owed_by: Side) -> dict[str, Any]:
    return {"of": subject, "of_id": subject_id, "side": owed_by}


def _running(due_at: datetime, *, kind: DeadlineKind, now: datetime) -> dict[str, Any]:
    """The columns of a deadline that runs from `now` on: its level is that of `now`, whatever it was before."""
    return {
        "due_at": due_at,
        "level": level(due_at, kind=kind, now=now),
        "look_at": looked_at_next(due_at, kind=kind, now=now),
        "is_running": True,
    }


def start(
    session: WriteSession,
    *,
    subject: str,
    subject_id: int,
    owed_by: Side = Side.DESK,
    promises: Sequence[Promise],
    is_first: bool = False,
    now: datetime,
) -> None:
    """Start these deadlines from `now` on, in place of what that side still owed for the subject.

    `is_first`: no deadline was ever started for it, so that none has to be replaced.
    """
    if not is_first:
        session.connection().execute(_REPLACE, {**_which(subject, subject_id, owed_by), "now": now})
    first = soonest(promises)
    rows = [
        {
            "subject": subject,
            "subject_id": subject_id,
            "kind": each.kind.code,
            "owed_by": owed_by,
            "started_at": now,
            "is_current": each is first,
            **_running(now + each.length, kind=each.kind, now=now),
        }
        for each in promises
    ]
    if rows:
        session.connection().execute(insert(_deadlines), rows)


def meet(
    session: WriteSession,
    *,
    subject: str,
    subject_id: int,
    owed_by: Side = Side.DESK,
    kinds: Sequence[str] | None = None,
    now: datetime,
) -> None:
    """That side has done what it owed; `kinds` None = all of it. What was paused then has paused until now."""
    which = _which(subject, subject_id, owed_by)
    meeting = _MEET if kinds is None else _MEET.where(_c.kind.in_(kinds))
    met = session.connection().execute(meeting, {**which, "now": now}).all()
    for id, _kind, was_due_at, paused_at in met:
        if paused_at is not None:
            ended = {"paused_at": None, "due_at": was_due_at + (now - paused_at)}
            session.execute(update(_deadlines).where(_c.id == id).values(ended))
    if met and (len(met) > 1 or kinds is not None):
        # Another one may become current now. First no row is, since no two may be at any moment.
        session.connection().execute(_UNPOINT, which)
        session.connection().execute(_POINT, which)


def owe_again(
    session: WriteSession, *, subject: str, subject_id: int, owed_by: Side = Side.DESK, now: datetime
) -> None:
    """The last deadline was not met after all: it is due at the same moment as before."""
    found = session.execute(_LAST_MET, _which(subject, subject_id, owed_by)).first()
    if found is not None:
        id, kind, due_at = found
        running = {"met_at": None, **_running(due_at, kind=KINDS[kind], now=now)}
        session.execute(update(_deadlines).where(_c.id == id).values(running))


def drop(session: WriteSession, *, subject: str, subject_id: int, owed_by: Side = Side.DESK, now: datetime) -> None:
    """That side no longer owes anything for the subject."""
    session.connection().execute(_DROP, {**_which(subject, subject_id, owed_by), "now": now})


def forget(session: WriteSession, *, subject: str, subject_id: int) -> None:
    """Delete all deadlines of a subject that is deleted itself."""
    session.execute(delete(_deadlines).where(_c.subject == subject, _c.subject_id == subject_id))


def pause(session: WriteSession, *, subject: str, subject_id: int, owed_by: Side = Side.DESK, now: datetime) -> None:
    """Pause what that side owes for the subject until `resume`."""
    session.connection().execute(_PAUSE, {**_which(subject, subject_id, owed_by), "now": now})


def resume(session: WriteSession, *, subject: str, subject_id: int, owed_by: Side = Side.DESK, now: datetime) -> None:
    """Resume it; it is due later by the length of the pause."""
    for id, kind, was_due_at, paused_at in session.execute(_PAUSED, _which(subject, subject_id, owed_by)).all():
        due_at = was_due_at + (now - paused_at)
        running = {"paused_at": None, **_running(due_at, kind=KINDS[kind], now=now)}
        session.execute(update(_deadlines).where(_c.id == id).values(running))


def look(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Store the new level of deadlines that have reached it, and tell open pages, which then show it; returns their
    number.

    A deadline that lapses is ended by this.
    """
    rows = session.execute(_CHANGED.limit(limit).with_for_update(skip_locked=True), {"now": now}).all()
    for row in rows:
        kind = KINDS[row.kind]
        reached = level(row.due_at, kind=kind, now=now)
        values: dict[str, Any] = {"level": reached, "look_at": looked_at_next(row.due_at, kind=kind, now=now)}
        if kind.lapses and reached is DeadlineLevel.LATE:
            values |= {**_ENDED, "dropped_at": row.due_at}
        session.execute(update(_deadlines).where(_c.id == row.id).values(values))
        session.changed(row.subject, row.subject_id)
    return len(rows)
