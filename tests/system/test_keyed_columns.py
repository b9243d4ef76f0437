"""No column that depends on the secret key is forgotten when the key is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from desk.rekeying.columns import ENCRYPTED, IN_CLEAR, MARKS, NOT_KEYED
from desk.schema import metadata

HASHED = re.compile(r"(?:^|_)(?:mark|hash)$")
"""So end the names of columns that hold hashes."""


def forgotten(tables: MetaData) -> Iterator[str]:
    """The columns of these tables that no list names, and the names of columns that are in none of them."""
    encrypted = {f"{each.table}.{column}": each for each in ENCRYPTED for column in each.columns}
    every = {f"{table.name}.{column.name}": column for table in tables.sorted_tables for column in table.c}
    for path, column in every.items():
        if isinstance(column.type, LargeBinary) and path not in {*encrypted, *IN_CLEAR}:
            yield f"{path} holds bytes: is it encrypted?"
        if HASHED.search(column.name) and path not in {*MARKS, *NOT_KEYED}:
            yield f"{path} holds hashes: by a key?"
    yield from sorted({*encrypted, *IN_CLEAR, *MARKS, *NOT_KEYED} - every.keys())
    for each in ENCRYPTED:
        if f"{each.table}.{each.row}" not in every:
            yield f"{each.table} has no {each.row}"


def test_every_column_that_depends_on_the_key_is_listed() -> None:
    assert list(forgotten(metadata())) == []


def test_a_new_column_that_is_not_listed_is_found() -> None:
    tables = MetaData()
    for table in metadata().sorted_tables:
        table.to_metadata(tables)
    Table("pets", tables, Column("name_sealed", LargeBinary), Column("collar_mark", String(32)), Column("legs", String))
    assert list(forgotten(tables)) == [
        "pets.name_sealed holds bytes: is it encrypted?",
        "pets.collar_mark holds hashes: by a key?",
    ]


def test_a_column_that_was_taken_out_is_found() -> None:
    tables = MetaData()
    for table in metadata().sorted_tables:
        if table.name != "staff_totp":
            table.to_metadata(tables)
    assert "staff_totp.secret" in list(forgotten(tables))
