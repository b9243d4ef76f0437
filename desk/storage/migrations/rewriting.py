"""Encrypts and decrypts the columns of a table in a migration, some rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from desk.storage.encryption import Keys
from desk.storage.types import Json

More = Callable[[Keys, Mapping[str, Any]], Mapping[str, Any]]
"""Further values of a row, from what it holds in clear."""


def encrypt_some(
    connection: Connection,
    keys: Keys,
    *,
    table: str,
    columns: Mapping[str, str],
    values: Mapping[str, str] = {},
    with_it: tuple[str, ...] = (),
    more: More = lambda keys, row: {},
    row_of: str = "id",
    limit: int,
) -> int:
    """Encrypt at most `limit` rows that still hold something in clear; returns their number.

    `columns` are texts and `values` JSON, each with the column that takes the encrypted value; the old ones become
    NULL. `more` is given those, the id and the columns `with_it`. Values are authenticated with the column `row_of`.
    """
    names = (*columns, *values)
    rows = _table(table, *names, *with_it, *({row_of} - {"id"}), values=values)
    is_clear = sa.or_(*(rows.c[name].is_not(None) for name in names))
    found = connection.execute(sa.select(*rows.c).where(is_clear).limit(limit)).mappings().all()
    written: list[dict[str, Any]] = []
    for row in found:
        new: dict[str, Any] = {"of": row["id"]}
        for name, stored in {**columns, **values}.items():
            write = keys.seal if name in values else keys.encrypt
            is_held = row[name] is not None
            new[stored] = write(row[name], column=f"{table}.{stored}", row=int(row[row_of])) if is_held else None
        written.append(new | dict(more(keys, dict(row))))
    if written:
        new_names = [name for name in written[0] if name != "of"]
        target = _table(table, *names, *new_names, values=values)
        change: dict[str, Any] = {name: sa.null() for name in names} | {name: sa.bindparam(name) for name in new_names}
        connection.execute(sa.update(target).where(target.c.id == sa.bindparam("of")).values(change), written)
    return len(found)


def decrypt_all(
    connection: Connection,
    keys: Keys,
    *,
    table: str,
    columns: Mapping[str, str],
    values: Mapping[str, str] = {},
    row_of: str = "id",
) -> None:
    """The way back of `encrypt_some`, for all rows at once; the mappings are the same."""
    pairs = {**columns, **values}
    sealed = sa.table(
        table,
        sa.column("id", sa.BigInteger),
        *(sa.column(each) for each in {row_of} - {"id"}),
        *(sa.column(each, sa.LargeBinary) for each in pairs.values()),
    )
    clear = sa.table(
        table, sa.column("id"), *(sa.column(name, Json if name in values else sa.String) for name in pairs)
    )
    for row in connection.execute(sa.select(*sealed.c)).mappings().all():
        old: dict[str, Any] = {}
        for name, stored in pairs.items():
            read = keys.open_sealed if name in values else keys.decrypt
            if row[stored] is not None:
                old[name] = read(row[stored], column=f"{table}.{stored}", row=int(row[row_of]))
        if old:
            connection.execute(sa.update(clear).where(clear.c.id == row["id"]).values(old))


def _table(table: str, *names: str, values: Mapping[str, str]) -> sa.TableClause:
    columns = (sa.column(name, Json if name in values else None) for name in dict.fromkeys(names))
    return sa.table(table, sa.column("id", sa.BigInteger), *columns)
