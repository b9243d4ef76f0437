"""The clocks of cases move into the table of deadlines as they stood, and come back as they were."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select
from sqlalchemy.orm import Session

from desk.cases.deadlines import ANSWER
from desk.cases.models import Case
from desk.deadlines.models import Deadline
from desk.deadlines.queries import due_of
from desk.storage import migrate
from desk.storage.base import KEYS as OF_SESSION
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of
from desk.verify import verify
from tests.keys import KEYS
from tests.makers import NOW
from tests.storage.test_migrated_cases import DAY, on

BEFORE = "0024"
MOMENTS = ("created_at", "opened_at", "state_at", "closed_at", "changed_at", "first_due_at", "due_at", "answered_at")

Case_ = dict[str, Any]


def case(state: str, *, first: int | None, final: int | None, severity: int = 3, **days: Any) -> Case_:
    """A case as it stood before; moments are given in days after its filing."""
    reason = days.pop("reason", None)
    moments = {"opened_at": 0, "state_at": 0, **days, "first_due_at": first, "due_at": final}
    return {"state": state, "severity": severity, "close_reason": reason} | {
        name: None if day is None else NOW + day * DAY for name, day in moments.items()
    }


CASES: dict[str, Case_] = {
    "new": case("received", first=3, final=10),
    "only a final day": case("with_unit", first=None, final=3),
    "praise": case("received", first=None, final=None, severity=0),
    "answered": case("answered", first=3, final=10, answered_at=2, state_at=2),
    "asked back after the answer": case("in_review", first=None, final=15, answered_at=2, opened_at=5, state_at=5),
    "closed by the desk": case("closed", first=3, final=10, state_at=4, closed_at=4, reason="not_ours"),
    "ended by the person": case("closed", first=3, final=10, state_at=1, closed_at=1, reason="withdrawn"),
    "solved": case("closed", first=3, final=10, answered_at=2, state_at=6, closed_at=6, reason="solved"),
}
ANSWERED = {"answered": 2, "solved": 2}
"""Of each case with such a line in its thread, the day of its last answer."""

# Of each case its deadlines: kind, day it is due, day it was met, day it was let go; the one that counts first.
RIGHT: dict[str, list[tuple[str, int, int | None, int | None]]] = {
    "new": [("first_answer", 3, None, None), ("final_answer", 10, None, None)],
    "only a final day": [("final_answer", 3, None, None)],
    "praise": [],
    "answered": [("final_answer", 10, 2, None), ("first_answer", 3, 2, None)],
    "asked back after the answer": [("final_answer", 15, None, None)],
    "closed by the desk": [("final_answer", 10, 4, None), ("first_answer", 3, 4, None), ("reopening", 34, None, None)],
    "ended by the person": [
        ("final_answer", 10, None, 1),
        ("first_answer", 3, None, 1),
        ("reopening", 31, None, None),
    ],
    "solved": [("final_answer", 10, 2, None), ("first_answer", 3, 2, None), ("reopening", 36, None, None)],
}


def stored(connection: Connection, name: str) -> Table:
    table = Table(name, MetaData(), autoload_with=connection)
    for column in table.columns:
        if column.name.endswith("_at") or column.name == "at":
            column.type = UtcDateTime()
    return table


def file(connection: Connection) -> None:
    cases, entries = stored(connection, "cases"), stored(connection, "case_entries")
    for number, (name, values) in enumerate(CASES.items(), start=1):
        row = {
            "id": number,
            "code": f"90000000{number}",
            "idem_key": f"k{number}",
            "kind": "complaint",
            "category": "OVERCHARGE",
            "contact": "code",
            "locale": "fa",
            "facts": {},
            "created_at": NOW,
            "changed_at": NOW,
        }
        connection.execute(insert(cases), row | values)
        if name in ANSWERED:
            line = {"case_id": number, "kind": "state", "detail": {"from": "received", "to": "answered"}}
            connection.execute(insert(entries), line | {"at": NOW + ANSWERED[name] * DAY})


def moved(connection: Connection) -> dict[str, list[tuple[str, int, int | None, int | None]]]:
    """What came of it, in the shape of RIGHT; `is_running` and who counts is what the models and `verify` say."""
    c = table_of(Deadline).c
    found: dict[str, list[tuple[str, int, int | None, int | None]]] = {name: [] for name in CASES}
    names = list(CASES)
    for row in connection.execute(select(*c).order_by(c.owed_by, c.is_current.desc(), c.id)):
        found[names[row.subject_id - 1]].append(
            (row.kind, _day(row.due_at) or 0, _day(row.met_at), _day(row.dropped_at))
        )
    return found


def _day(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - NOW).days


def overdue(connection: Connection) -> set[str]:
    """The cases that are late eleven days after they were filed."""
    table, names = table_of(Case), list(CASES)
    rows = connection.execute(select(table.c.id, *ANSWER.columns).select_from(ANSWER.joined_to(table)))
    dues = {names[row.id - 1]: due_of(row) for row in rows}
    return {name for name, due in dues.items() if due is not None and due.is_late(NOW + timedelta(days=11))}


def promises(connection: Connection) -> dict[str, tuple[int | None, int | None]]:
    cases = stored(connection, "cases")
    rows = connection.execute(select(cases.c.id, cases.c.first_due_at, cases.c.due_at))
    return {list(CASES)[row.id - 1]: (_day(row.first_due_at), _day(row.due_at)) for row in rows}


async def test_the_clocks_of_cases_move_as_they_stood(database_url: str) -> None:
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    await on(database_url, file)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    assert await on(database_url, moved) == RIGHT
    assert await on(database_url, overdue) == {"new", "only a final day"}

    def breaks(connection: Connection) -> list[str]:
        with Session(connection, info={OF_SESSION: KEYS}) as session:
            return [f"{each.rule} {each.detail}" for each in verify(session)]

    # These cases have no lines of a thread that tell of their closing, and nothing else is missing.
    assert await on(database_url, breaks) == []
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    assert await on(database_url, promises) == {
        name: (
            None if values["first_due_at"] is None else _day(values["first_due_at"]),
            None if values["due_at"] is None else _day(values["due_at"]),
        )
        for name, values in CASES.items()
    }
