"""Cases filed before each clock had its own column: what their threads tell is kept, and nothing is lost."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select
from sqlalchemy.ext.asyncio import create_async_engine

from desk.storage import migrate
from desk.storage.types import UtcDateTime
from tests.keys import KEYS
from tests.makers import NOW

DAY = timedelta(days=1)
COLUMNS = ("opened_at", "state_at", "closed_at", "changed_at", "first_due_at")

Line = tuple[int, str, dict[str, str]]
"""So many days after the filing, the kind, the detail."""


def moved(day: int, before: str, after: str) -> Line:
    return day, "state", {"from": before, "to": after}


# Of each case: its state, whether it was answered, when it was last changed, its lines, and the five moments that are
# right, in days after the filing.
CASES: dict[str, tuple[str, bool, int, list[Line], tuple[int | None, ...]]] = {
    "never written in": ("received", False, 0, [], (0, 0, None, 0, 3)),
    "closed, then a note": (
        "closed",
        False,
        9,
        [moved(2, "received", "closed"), (9, "note", {})],
        (0, 2, 2, 2, 3),
    ),
    "opened again before any answer": (
        "in_review",
        False,
        20,
        [moved(2, "received", "closed"), moved(20, "closed", "in_review")],
        (20, 20, None, 20, 23),
    ),
    "answered, not solved": (
        "in_review",
        True,
        5,
        [(4, "reply", {}), moved(4, "received", "answered"), (5, "said", {}), moved(5, "answered", "in_review")],
        (5, 5, None, 5, 3),
    ),
    "handed on": ("with_unit", False, 3, [moved(1, "received", "with_unit"), (3, "assigned", {})], (0, 1, None, 1, 3)),
}


def file(connection: Connection) -> None:
    """One case of each kind, in the shape that the database had before."""
    stored = MetaData()
    cases, entries = (Table(name, stored, autoload_with=connection) for name in ("cases", "case_entries"))
    at = {column: UtcDateTime() for column in ("at", "first_due_at", "answered_at", "created_at", "changed_at")}
    for table in (cases, entries):
        for name, moment in at.items():
            if name in table.c:
                table.c[name].type = moment
    for number, (state, is_answered, changed, lines, _right) in enumerate(CASES.values(), start=1):
        connection.execute(
            insert(cases),
            {
                "id": number,
                "code": f"90000000{number}",
                "idem_key": f"k{number}",
                "kind": "complaint",
                "category": "OVERCHARGE",
                "severity": 3,
                "contact": "code",
                "locale": "fa",
                "state": state,
                "first_due_at": NOW + 3 * DAY,
                "answered_at": NOW + 4 * DAY if is_answered else None,
                "created_at": NOW,
                "changed_at": NOW + changed * DAY,
            },
        )
        for day, kind, detail in lines:
            connection.execute(
                insert(entries), {"case_id": number, "at": NOW + day * DAY, "kind": kind, "detail": detail}
            )


def clocks(connection: Connection) -> list[tuple[datetime | None, ...]]:
    cases = Table("cases", MetaData(), autoload_with=connection)
    for name in COLUMNS:
        cases.c[name].type = UtcDateTime()
    rows = connection.execute(select(*(cases.c[name] for name in COLUMNS)).order_by(cases.c.id))
    return [tuple(row) for row in rows]


async def on(url: str, work: Any) -> Any:
    engine = create_async_engine(url if "+" in url else url.replace("sqlite:", "sqlite+aiosqlite:"))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def test_every_clock_is_set_by_what_the_thread_tells(database_url: str) -> None:

    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0005")
    await on(database_url, file)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, revision="0024")
    right = [tuple(None if day is None else NOW + day * DAY for day in moments) for *_, moments in CASES.values()]
    assert await on(database_url, clocks) == right
