"""Stretch every stored hash of a number, so that the key alone no longer lets anybody try all numbers in an hour.

The number itself is not known: what is stored is stretched over. The same is done to the hashes in unfinished answers.
The slow part runs in as many threads as there are cores; each batch is committed, and a start that was broken off goes
on after the last one. A database has to be brought up with the secret that it was used with: only afterwards may that
be changed.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from desk import identity
from desk.identity import IN_USE, Mark
from desk.storage.encryption import Keys

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

REWRITTEN = ("persons", "conversations")
AT_MOST = 200
"""Rows of one batch: half a minute on a small server, which is how often the progress is told."""
FAST = re.compile(r"[0-9a-f]{64}")
STATE = "conversations.state_sealed"

persons = sa.table("persons", sa.column("id", sa.BigInteger), sa.column("identity_hash", sa.String))
chats = sa.table(
    "conversations",
    sa.column("id", sa.BigInteger),
    sa.column("state_sealed", sa.LargeBinary),
    sa.column("is_unfinished", sa.Boolean),
)
FAST_PEOPLE = sa.select(persons.c.id, persons.c.identity_hash).where(sa.not_(persons.c.identity_hash.contains(".")))
ANSWERS = sa.select(chats.c.id, chats.c.state_sealed).where(chats.c.is_unfinished)


def upgrade() -> None:
    """The column holds the longer form already."""


def downgrade() -> None:
    """A stretched hash stays so."""


def fill(connection: sa.Connection, keys: Keys, limit: int) -> int:
    """Stretch some hashes; returns how many rows those were."""
    limit = min(limit, AT_MOST)
    people = connection.execute(FAST_PEOPLE.order_by(persons.c.id).limit(limit)).all()
    states: list[tuple[int, Any]] = []
    if not people:
        found = connection.execute(ANSWERS.order_by(chats.c.id))
        opened = ((id, keys.open_sealed(sealed, column=STATE, row=id)) for id, sealed in found)
        states = [(id, state) for id, state in opened if any(_fast_in(state))][:limit]
    made = _stretched(
        {*(hash for _id, hash in people), *(hash for _id, state in states for hash in _fast_in(state))}, keys.name
    )
    for id, hash in people:
        connection.execute(sa.update(persons).where(persons.c.id == id).values(identity_hash=made[hash]))
    for id, state in states:
        sealed = keys.seal(_replaced(state, made), column=STATE, row=id)
        connection.execute(sa.update(chats).where(chats.c.id == id).values(state_sealed=sealed))
    return len(people) + len(states)


def _stretched(hashes: Iterable[str], key: str) -> dict[str, str]:
    version = f"{IN_USE.now.name}.{key}"
    wanted = sorted(hashes)
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:  # argon2 lets go of the interpreter
        return dict(zip(wanted, threads.map(identity.stretched, (Mark(version, hash) for hash in wanted)), strict=True))


def _fast_in(value: Any) -> Iterator[str]:
    """The hashes in a stored state that are not stretched."""
    match value:
        case dict():
            hash = value.get("identity_hash")
            if isinstance(hash, str) and FAST.fullmatch(hash):
                yield hash
            for each in value.values():
                yield from _fast_in(each)
        case list():
            for each in value:
                yield from _fast_in(each)


def _replaced(value: Any, made: dict[str, str]) -> Any:
    match value:
        case dict():
            new = {name: _replaced(each, made) for name, each in value.items()}
            if isinstance(new.get("identity_hash"), str):
                new["identity_hash"] = made.get(new["identity_hash"], new["identity_hash"])
            return new
        case list():
            return [_replaced(each, made) for each in value]
        case _:
            return value
