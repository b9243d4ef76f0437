"""What people tell under a code alone waits here, encrypted, until a job hands it over to the desk.

So no transaction writes both the chat and the case. Nothing in a row leads to the chat, and without the key nothing
leads to the case. With the code a person finds here what was not handed over yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from desk.cases.models import CaseArrival
from desk.cases.nameless import beginning_of_day, handed_over_at
from desk.codes import TrackingCode
from desk.storage.base import WriteSession, keys_of
from desk.storage.encryption import Keys, random_id
from desk.storage.scrubbing import ERASED
from desk.storage.upsert import table_of

_arrivals = table_of(CaseArrival)
_COLUMN = "case_arrivals.sealed"
_PURPOSE = "the code of a case"
_OF_CODE = (
    select(_arrivals.c.id, _arrivals.c.sealed)
    .where(_arrivals.c.mark.in_(bindparam("marks", expanding=True)))
    .order_by(_arrivals.c.place)
)
_MARK_ANEW = (
    update(_arrivals).where(_arrivals.c.mark.in_(bindparam("older", expanding=True))).values(mark=bindparam("present"))
)
_ALL_DUE = select(_arrivals.c.id, _arrivals.c.mark, _arrivals.c.place).where(
    _arrivals.c.due_at <= bindparam("now", type_=_arrivals.c.due_at.type)
)
_ONE = select(_arrivals.c.mark, _arrivals.c.place).where(_arrivals.c.id == bindparam("of"))
_FIRST = select(func.min(_arrivals.c.place)).where(_arrivals.c.mark == bindparam("mark"))
_TAKE = delete(_arrivals).where(_arrivals.c.id == bindparam("of")).returning(_arrivals.c.sealed)
_TAKE_ALL = delete(_arrivals).where(_arrivals.c.mark.in_(bindparam("marks", expanding=True)))
_PUT = insert(_arrivals).inline()
_EVERY = select(_arrivals).order_by(_arrivals.c.id)
_SIZE = select(func.pg_relation_size(_arrivals.name))
# Who puts a row in meanwhile waits for the lock, and who waits for a place in the table sees it after it.
_LOCK, _NEW_FILE = text(f"LOCK TABLE {_arrivals.name} IN ACCESS EXCLUSIVE MODE"), text(f"TRUNCATE {_arrivals.name}")
_LAST = select(func.coalesce(func.max(_arrivals.c.place), 0)).where(_arrivals.c.mark == bindparam("mark"))


class Act(StrEnum):
    """What the person did."""

    FILED = "filed"
    ADDED = "added"
    SOLVED = "solved"
    OBJECTED = "objected"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One thing told; `case` are the columns of a filed one. `said_on` is the beginning of its day."""

    act: Act
    case_id: int
    said_on: datetime
    text: str | None = None
    voice: Mapping[str, Any] | None = None
    case: Mapping[str, Any] | None = None


def put(session: WriteSession, arrived: Arrived, *, code: TrackingCode, now: datetime) -> None:
    """Keep it for the hand-over."""
    mark, *older = session.keys.marks(_PURPOSE, code.digits)
    if older:  # what waits from before a change of the key is handed over before this
        session.connection().execute(_MARK_ANEW, {"older": older, "present": mark})
    last: int = session.connection().execute(_LAST, {"mark": mark}).scalar_one()
    id = random_id()
    session.connection().execute(
        _PUT,
        {
            "id": id,
            "mark": mark,
            "place": last + 1,
            "due_at": handed_over_at(now),
            "sealed": session.keys.seal(_plain(arrived), column=_COLUMN, row=id),
        },
    )


def waiting(session: Session, *, code: TrackingCode) -> list[Arrived]:
    """What was told under this code and is not handed over yet, in order."""
    keys = keys_of(session)
    rows = session.execute(_OF_CODE, {"marks": keys.marks(_PURPOSE, code.digits)})
    return [_read(keys, row.id, row.sealed) for row in rows]


def due(session: Session, *, now: datetime) -> list[tuple[int, str, int]]:
    """The id, mark and place of what is to be handed over."""
    return [(row.id, row.mark, row.place) for row in session.execute(_ALL_DUE, {"now": now})]


def take(session: WriteSession, *, id: int) -> Arrived | None:
    """Take it out; None = it was taken before, or another of its code comes first."""
    found = session.execute(_ONE, {"of": id}).first()
    if found is None or session.execute(_FIRST, {"mark": found.mark}).scalar_one() < found.place:
        return None
    # Of two workers at once, one finds that the row is gone.
    sealed = session.execute(_TAKE, {"of": id}).scalar_one_or_none()
    # The log of SQLite tells what each transaction wrote: the chat and this row, then this row and the case.
    session.announce(ERASED)
    return None if sealed is None else _read(session.keys, id, sealed)


def take_all(session: WriteSession, *, code: TrackingCode) -> list[Arrived]:
    """Take out everything that waits under this code, in order, to be put in anew."""
    # Locked, so that what is handed over at this moment is found handed over.
    rows = session.execute(_OF_CODE.with_for_update(), {"marks": session.keys.marks(_PURPOSE, code.digits)}).all()
    told = [_read(session.keys, row.id, row.sealed) for row in rows]
    if told:
        session.connection().execute(_TAKE_ALL, {"marks": session.keys.marks(_PURPOSE, code.digits)})
        session.announce(ERASED)
    return told


def leave_no_trace(session: WriteSession) -> bool:
    """Give the table a new file on PostgreSQL, where it has any; returns whether that was done.

    A deleted row stays in the old one until vacuum comes, which for few rows may be never. It carries the numbers of
    the transaction that wrote it, as the chat does, and of that which took it out, as the case does. What still waits
    is written anew, so that it carries the number of this transaction instead.
    """
    if session.get_bind().dialect.name != "postgresql" or not session.scalar(_SIZE):
        return False
    session.execute(_LOCK)
    waiting = [dict(row) for row in session.execute(_EVERY).mappings()]
    session.execute(_NEW_FILE)
    if waiting:
        session.connection().execute(_PUT, waiting)
    return True


def _plain(arrived: Arrived) -> dict[str, Any]:
    case = arrived.case
    if case is not None:
        happened_on = case["happened_on"]
        case = {**case, "happened_on": None if happened_on is None else happened_on.isoformat()}
    return {
        "act": arrived.act,
        "case_id": arrived.case_id,
        "said_on": arrived.said_on.isoformat(),
        "text": arrived.text,
        "voice": None if arrived.voice is None else dict(arrived.voice),
        "case": case,
    }


def _read(keys: Keys, id: int, sealed: bytes) -> Arrived:
    held = keys.open_sealed(sealed, column=_COLUMN, row=id)
    case = held["case"]
    if case is not None and case["happened_on"] is not None:
        case = {**case, "happened_on": date.fromisoformat(case["happened_on"])}
    return Arrived(
        act=Act(held["act"]),
        case_id=held["case_id"],
        said_on=datetime.fromisoformat(held["said_on"]),
        text=held["text"],
        voice=held["voice"],
        case=case,
    )


def arrived_now(act: Act, *, case_id: int, now: datetime, text: str | None, voice: Mapping[str, Any] | None) -> Arrived:
    """What is told at this moment; only the day of it is kept."""
    return Arrived(act=act, case_id=case_id, said_on=beginning_of_day(now), text=text or None, voice=voice)
