"""The log tells who did what to what, newest first, page by page."""

from __future__ import annotations

from datetime import timedelta

from desk.events import actions, queries
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW


def write_line(session: WriteSession, number: int) -> None:
    actions.note(
        session,
        staff_id=7 if number % 2 else None,
        kind="case.read",
        subject=f"case:{number % 3}",
        data={"entry": number} if number else None,
        now=NOW + timedelta(minutes=number),
    )


async def test_lines_are_read_back_by_subject_by_person_and_by_page(storage: Storage) -> None:
    for number in range(5):
        await storage.write(write_line, number)
    lines = await storage.read(queries.latest, limit=3)
    assert [line.data for line in lines] == [{"entry": 4}, {"entry": 3}, {"entry": 2}]
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    rest = await storage.read(queries.latest, before_id=lines[-1].id)
    assert [line.data for line in rest] == [{"entry": 1}, {}]
    assert [line.data["entry"] for line in await storage.read(queries.latest, staff_id=7)] == [3, 1]
    assert [line.actor_id for line in await storage.read(queries.of, subject="case:0")] == [7, None]
