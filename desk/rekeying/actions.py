"""Writes what is under an older key anew under the present one, some rows of a table at a time.

How far it is stands in the rows themselves: each value names its key. So it can be broken off anywhere and begun
again, also by two processes at once, while everybody works. A row that is in use at the moment is passed over; the next
round finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    Table,
    Update,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from desk.cases.found_by import index_anew
from desk.cases.stored import code_of, mark_of_code
from desk.conversations import limits
from desk.conversations.addresses import mark_of_chat
from desk.identity import IdentityKeys
from desk.rekeying.columns import Encrypted
from desk.schema import metadata
from desk.storage.base import WriteSession
from desk.storage.encryption import NAME
from desk.storage.scrubbing import ERASED

_MARKS_OF_ROWS = {"conversations": ("chat_mark",), "cases": ("code_mark",)}
"""The marks that are made anew from what is encrypted in their rows."""
BATCH = 500
"""Rows of one transaction: others wait for it for some tenths of a second at most."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A batch: how many rows it was, and the key of the last one, behind which the next begins; None = the end."""

    rows: int
    last: tuple[Any, ...] | None


def rewrite_some(
    session: WriteSession,
    *,
    what: Encrypted,
    numbers: IdentityKeys,
    after: tuple[Any, ...] | None = None,
    limit: int = BATCH,
) -> Rewritten:
    """Write at most `limit` rows of a table anew, those behind the row of the key `after`.

    `numbers` are the keys under which chats are counted. Raises UnreadableValue for a value that was changed.
    """
    table = _table(what)
    found = _found(session, table, what, numbers=numbers, after=after, limit=limit)
    if not found:
        return Rewritten(0, None)
    columns = {name: f"{what.table}.{name}" for name in what.columns}
    changed: list[dict[str, Any]] = []
    for row in found:
        held = row._mapping
        values: dict[str, Any] = {
            name: None
            if held[name] is None
            else session.keys.reencrypted(held[name], column=path, row=int(held[what.row]))
            for name, path in columns.items()
        }
        changed.append(values | {f"of_{key.name}": held[key.name] for key in table.primary_key})
    for values, row in zip(changed, found, strict=True):
        if what.table == "conversations":
            values["chat_mark"] = mark_of_chat(session.keys, **_address(session, row))
        elif what.table == "cases":
            code = code_of(session.keys, row.code_sealed, id=row.id)
            values["code_mark"] = mark_of_code(session.keys, code)
    session.connection().execute(_change(what), changed)
    _follow(session, what, found, numbers=numbers)
    # What stood there before shall not be left in the log of SQLite: somebody with the older key could read it.
    session.announce(ERASED)
    last = tuple(found[-1]._mapping[key.name] for key in table.primary_key)
    return Rewritten(len(found), last)


def _found(
    session: WriteSession,
    table: Table,
    what: Encrypted,
    *,
    numbers: IdentityKeys,
    after: tuple[Any, ...] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    is_due: list[ColumnElement[bool]] = [
        func.substr(table.c[name], 1, NAME, type_=LargeBinary).in_(session.keys.older) for name in what.columns
    ]
    if what.table == "conversations":
        is_due.append(~func.coalesce(table.c.limits_mark, "").like(f"{numbers.current.name}.%"))
    keys = list(table.primary_key)
    behind = (
        []
        if after is None
        else [tuple_(*keys) > tuple_(*(literal(value, key.type) for key, value in zip(keys, after, strict=True)))]
    )
    return (
        session.connection()
        .execute(
            select(table)
            .where(and_(or_(*is_due), *behind))
            .order_by(*table.primary_key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .all()
    )


def _follow(session: WriteSession, what: Encrypted, found: Sequence[Row[Any]], *, numbers: IdentityKeys) -> None:
    """Make anew what was hashed from these rows and stands elsewhere."""
    if what.table == "conversations":
        chats = [(row, limits.mark_of(**_address(session, row), key=numbers.current)) for row in found]
        limits.count_anew(
            session, [limits.NewMark(row.id, row.limits_mark, mark) for row, mark in chats if row.limits_mark != mark]
        )
    elif what.table == "cases":
        index_anew(session, {row.id for row in found})
    elif what.table == "case_entries":
        index_anew(session, {row.case_id for row in found if row.text_sealed is not None})


def _address(session: WriteSession, row: Row[Any]) -> dict[str, str]:
    chat = session.keys.decrypt(row.chat_sealed, column="conversations.chat_sealed", row=row.id)
    return {"channel": row.channel, "bot": row.bot, "chat": chat}


def _table(what: Encrypted) -> Table:
    return metadata().tables[what.table]


@lru_cache(maxsize=32)
def _change(what: Encrypted) -> Update:
    table = _table(what)
    names = (*what.columns, *_MARKS_OF_ROWS.get(what.table, ()))
    return (
        update(table)
        .where(*(key == bindparam(f"of_{key.name}") for key in table.primary_key))
        .values({name: bindparam(name) for name in names})
    )
