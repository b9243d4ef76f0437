"""The seals of the history: each is a hash of a batch of events and of the seal before it, so changes are noticed.

A job seals, so that bookings never wait for the newest seal. Somebody with access to the database could recompute all
seals; a seal that was copied to another machine shows that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, bindparam, delete, insert, literal, select, text, update
from sqlalchemy.orm import Session

from desk.events.models import Event, EventSeal
from desk.events.queries import COLUMNS
from desk.periods import USUAL_PERIODS
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

SETTLED = timedelta(minutes=2)
"""The age from which an event is sealed."""

_event, _seal = table_of(Event), table_of(EventSeal)
_LAST = select(_seal.c.id, _seal.c.at, _seal.c.last_id, _seal.c.hash).order_by(_seal.c.id.desc()).limit(1)


def _waiting_with(is_settled: ColumnElement[bool] | TextClause) -> Select[Any]:
    """The events behind the last seal, in the order of their ids, each with whether it is settled."""
    return (
        select(*COLUMNS, is_settled)
        .where(_event.c.id > bindparam("after"))
        .order_by(_event.c.id)
        .limit(bindparam("most"))
    )


_WAITING = _waiting_with(literal(True).label("is_settled"))
_WAITING_THERE = _waiting_with(text("age(events.xmin) > age(CAST(CAST(:open AS text) AS xid)) AS is_settled"))
_OLDEST_OPEN = text(
    "SELECT coalesce((SELECT backend_xid FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL"
    " ORDER BY age(backend_xid) DESC LIMIT 1), pg_snapshot_xmax(pg_current_snapshot())::xid)::text"
)
_COVERED = (
    select(*COLUMNS).where(_event.c.id > bindparam("after"), _event.c.id <= bindparam("until")).order_by(_event.c.id)
)
_CHAIN = select(
    _seal.c.id, _seal.c.last_id, _seal.c.events, _seal.c.hash, _seal.c.is_emptied, _seal.c.newest_at
).order_by(_seal.c.id)
_OLDEST = (
    select(_seal.c.id, _seal.c.last_id, _seal.c.events)
    .where(~_seal.c.is_emptied, _seal.c.newest_at < bindparam("before", type_=_seal.c.newest_at.type))
    .order_by(_seal.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Seal:
    """The newest seal, in the form in which it is copied: `12:9f86…`."""

    id: int
    at: datetime
    hash: str

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"


def last_seal(session: Session) -> Seal | None:
    """The newest seal; None before the first."""
    found = session.execute(_LAST).first()
    return None if found is None else Seal(found.id, found.at, found.hash)


def seal(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Seal at most `limit` events that are old enough; returns their number."""
    hold(session, subject="events:seal")
    before = session.execute(_LAST).first()
    after, tip = (0, "") if before is None else (before.last_id, before.hash)
    batch = []
    for row in _waiting(session, after=after, most=limit):
        if row.at > now - SETTLED or not row.is_settled:
            break
        batch.append(row)
    if not batch:
        return 0
    session.execute(
        insert(_seal),
        {
            "at": now,
            "last_id": batch[-1].id,
            "newest_at": max(row.at for row in batch),
            "events": len(batch),
            "hash": _hash(tip, batch),
            "is_emptied": False,
        },
    )
    return len(batch)


def _waiting(session: WriteSession, *, after: int, most: int) -> Iterable[Any]:
    """The events behind the last seal, in the order of their ids, with whether all with a smaller id are known.

    On PostgreSQL, of two transactions the one with the smaller id may commit last, and an event may be old when it is
    written. An event is settled when its transaction is older than every one that was open before this look: what was
    sealed before an event with a smaller id came would look changed for ever. SQLite runs one transaction at a time.
    """
    if session.get_bind().dialect.name != "postgresql":
        return session.execute(_WAITING, {"after": after, "most": most})
    # In a statement of its own: the look after it sees all that has been committed until then.
    oldest = session.execute(_OLDEST_OPEN).scalar_one()
    return session.execute(_WAITING_THERE, {"after": after, "most": most, "open": oldest})


def old_seals(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The id of the oldest seal whose events are all of before that moment and still there."""
    return session.scalars(_OLDEST, {"before": before}).all()[:limit]


def forget_old(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete the oldest sealed batch of before that moment; only its seal stays, as the new beginning of the chain.

    Returns the number of events, or `limit` where more than one batch may be due.
    """
    hold(session, subject="events:seal")
    oldest = session.execute(_OLDEST, {"before": before}).first()
    if oldest is None:
        return 0
    session.execute(delete(_event).where(_event.c.id <= oldest.last_id))
    session.execute(delete(_seal).where(_seal.c.id < oldest.id))
    session.execute(update(_seal).where(_seal.c.id == oldest.id).values(is_emptied=True))
    return limit


def broken_seals(session: Session) -> Iterator[int]:
    """The ids of seals that do not match their events, from the first one on; none = nothing was changed."""
    after, tip = 0, ""
    for place, each in enumerate(session.execute(_CHAIN).all()):
        batch = session.execute(_COVERED, {"after": after, "until": each.last_id}).all()
        if each.is_emptied and place == 0:
            fits = not batch
        else:
            fits = not each.is_emptied and len(batch) == each.events and _hash(tip, batch) == each.hash
        if not fits:
            yield each.id
        after, tip = each.last_id, each.hash


def is_as_copied(
    session: Session, *, seal_id: int, hash: str, now: datetime, kept: timedelta = USUAL_PERIODS.history
) -> bool | None:
    """Whether this seal still has the copied hash and its events; None where these were deleted with old history.

    `kept` is the period of the history.

    A seal that says of itself that its events were old is never the same as the copy: it covers nothing any more.
    """
    chain = session.execute(_CHAIN).all()
    if chain and chain[0].is_emptied and seal_id <= chain[0].id:
        return None if chain[0].newest_at < now - kept else False
    return any((each.id, each.hash) == (seal_id, hash) for each in chain)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal with the events that it covers, and the hash of the seal before."""

    id: int
    before: str
    hash: str
    number: int
    """How many events it covered; `events` is empty where they were deleted as old."""
    is_emptied: bool
    events: Sequence[Any]


def sealed(session: Session, *, after: int = 0) -> Iterator[Sealed]:
    """The seals after the seal `after`, in order, each with its events; one batch is read at a time."""
    last, tip = 0, ""
    for each in session.execute(_CHAIN).all():
        if each.id > after:
            batch = session.execute(_COVERED, {"after": last, "until": each.last_id}).all()
            yield Sealed(each.id, tip, each.hash, each.events, bool(each.is_emptied), batch)
        last, tip = each.last_id, each.hash


def _hash(tip: str, batch: Sequence[Any]) -> str:
    """The hash of the seal before and these events."""
    return hash_of(tip, [held_by(row) for row in batch])


def held_by(row: Any) -> list[Any]:
    """The values of an event that are hashed and copied; without its key, which erasing blanks."""
    return [
        *(row.id, row.at.astimezone(UTC).isoformat(timespec="microseconds"), row.kind, str(row.actor_kind)),
        *(row.actor_id, row.subject, row.others, row.office_id, row.province_code, row.data),
    ]


def hash_of(tip: str, batch: Iterable[list[Any]]) -> str:
    """The hash of the seal before and the values of these events."""
    digest = sha256(tip.encode())
    for held in batch:
        digest.update(b"\n" + json.dumps(held, sort_keys=True, separators=(",", ":")).encode())
    return digest.hexdigest()
