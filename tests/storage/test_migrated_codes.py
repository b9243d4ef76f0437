"""The codes of cases of before are encrypted by the migration, go on opening their cases, and are read in no file."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from sqlalchemy import Connection, MetaData, Table, insert

from desk.cases.queries import by_code
from desk.codes import CodeKind, TrackingCode, damm_digit
from desk.storage import migrate
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from desk.storage.types import UtcDateTime
from tests.keys import KEYS
from tests.makers import NOW
from tests.storage.test_migrated_addresses import bytes_of
from tests.storage.test_migrated_cases import on

BEFORE, LAST = "0051", "0052"
ROWS = 2100
"""More than two batches."""
_chance = Random(7)  # noqa: S311  # codes of a test


def of_nine(number: int) -> str:
    stem = f"9{number:07}"
    return stem + damm_digit(stem)


CODES = [TrackingCode.make(CodeKind.CASE, source=_chance).digits for _ in range(ROWS)]
CODES[:9] = [of_nine(number) for number in range(9)]
"""The first are of before codes had twelve digits."""


def fill(connection: Connection) -> None:
    """Cases of before."""
    cases = Table("cases", MetaData(), autoload_with=connection)
    moments = ("created_at", "opened_at", "state_at", "closed_at", "changed_at")
    for name in moments:
        cases.c[name].type = UtcDateTime()
    same = {
        "kind": "question",
        "category": "QUESTION",
        "severity": 0,
        "contact": "code",
        "locale": "fa",
        "state": "received",
        **dict.fromkeys(moments, NOW),
        "closed_at": None,
    }
    rows = ({"id": number, "code": code, "idem_key": f"k{number}"} for number, code in enumerate(CODES, start=1))
    connection.execute(insert(cases), [same | row for row in rows])


def in_files(url: str) -> int:
    """How many of the codes stand readable in the files of an SQLite database."""
    held = bytes_of(url)
    return sum(code.encode() in held for code in CODES)


def found(session: ReadSession) -> list[int | None]:
    rows = (by_code(session, code=TrackingCode(code)) for code in CODES)
    return [None if row is None or row.code.digits != code else row.id for row, code in zip(rows, CODES, strict=True)]


def in_clear(connection: Connection) -> list[str]:
    return list(connection.exec_driver_sql("SELECT code FROM cases ORDER BY id").scalars())


async def test_codes_of_before_are_encrypted_and_open_their_cases(database_url: str) -> None:
    is_sqlite = database_url.startswith("sqlite")
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    await on(database_url, fill)
    if is_sqlite:
        assert in_files(database_url) == ROWS

    def power_cut(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, told=power_cut)
    assert await asyncio.to_thread(migrate.current, database_url) == LAST
    told: list[str] = []
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, told=told.append)
    assert [line.split(": ")[1] for line in told] == ["1,000 rows written anew", "1,100 rows written anew"]
    if is_sqlite:
        assert in_files(database_url) == 0
    async with Storage(database_url, keys=KEYS) as storage:
        assert await storage.read(found) == list(range(1, ROWS + 1)), "each opens the case that it opened before"
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    assert await on(database_url, in_clear) == CODES
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
