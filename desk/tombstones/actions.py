"""Notes what is erased in the transaction that erases it, and how far the file has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select

from desk.parts import ErasedKind
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.storage.upsert import insert_or_update, table_of
from desk.tombstones.models import Tombstone, TombstoneFile
from desk.tombstones.rules import Known

PURPOSE = "tombstone"
"""What the keyed hashes are made for; see `Keys.mark`."""

_tombstones = table_of(Tombstone)
_INSERT = insert(_tombstones).inline()
_WAITING = select(_tombstones.c.id, _tombstones.c.mark)


def what(kind: ErasedKind, id: int) -> str:
    """What is hashed for a row."""
    return f"{kind}:{id}"


def note(session: WriteSession, *, kind: ErasedKind, ids: Iterable[int]) -> None:
    """Note that these rows were erased: a back-up of before that is restored must not bring them back."""
    keys = session.keys
    rows = [{"id": random_id(), "key_name": keys.name, "mark": keys.mark(PURPOSE, what(kind, id))} for id in ids]
    if rows:
        session.connection().execute(_INSERT, rows)


def note_written(session: WriteSession, *, ids: Collection[int], known: Known) -> None:
    """The file tells of these now, and is so far."""
    if ids:
        session.connection().execute(delete(_tombstones).where(_tombstones.c.id.in_(sorted(ids))))
    set_known(session, known)


def set_known(session: WriteSession, known: Known) -> None:
    """Everything up to this line of the file is erased here."""
    session.execute(
        insert_or_update(session, TombstoneFile, unique=("id",), updates=("lines", "chain")),
        {"id": 1, "lines": known.lines, "chain": known.chain},
    )


def drop_told(session: WriteSession, *, marks: Collection[str]) -> None:
    """Take out what waits and is told by the file already: it was erased once more."""
    told = [row.id for row in session.execute(_WAITING) if row.mark in marks]
    if told:
        session.connection().execute(delete(_tombstones).where(_tombstones.c.id.in_(told)))
