"""Reads which tombstones wait to be written into the file, and how far the file was when this database knew it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.storage.upsert import table_of
from desk.tombstones.models import Tombstone, TombstoneFile
from desk.tombstones.rules import Known

_tombstones, _file = table_of(Tombstone), table_of(TombstoneFile)
_WAITING = select(_tombstones).order_by(_tombstones.c.id)
_ANY = select(_tombstones.c.id).limit(1)
_KNOWN = select(_file.c.lines, _file.c.chain)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A tombstone that the file does not have yet."""

    id: int
    key: str
    """The name of the key that it was hashed with."""
    mark: str


def waiting(session: Session) -> list[Waiting]:
    """Those that wait; their order tells nothing."""
    return [Waiting(row.id, row.key_name, row.mark) for row in session.execute(_WAITING)]


def is_waiting(session: Session) -> bool:
    """Whether any waits."""
    return session.execute(_ANY).first() is not None


def known(session: Session) -> Known:
    """How far the file was when something was last written into it."""
    row = session.execute(_KNOWN).first()
    return Known() if row is None else Known(row.lines, row.chain)
