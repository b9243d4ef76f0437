"""A nation to search in: 1,000 offices, 60 days, 32 starts a day, four places each, and any number of appointments."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import asyncpg
from sqlalchemy import make_url

from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import NOW, TODAY, at, make_conversation, make_office, make_person, make_queue, make_service

OFFICES = 1_000
DAYS = 60
STARTS = 32
PLACES = 4
BATCH = 50_000

SLOT = (
    "id", "queue_id", "starts_at", "day", "minutes", "planned", "capacity", "remaining", "status", "is_open",
    "rule_version",
)  # fmt: skip
APPOINTMENT = (
    "id", "code", "idem_key", "slot_id", "office_id", "service_id", "person_id", "state", "is_live", "starts_at",
    "day", "moves", "created_at", "changed_at",
)  # fmt: skip


class Nation:
    """Fills one database. Slot ids run by queue, day and start, so an appointment's slot can be computed."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.offices: list[int] = []
        self.queues: list[int] = []
        self.service = 0
        self.person = 0
        self.appointments = 0

    async def settle(self) -> None:
        """Offices with a queue each, and all slots of the window, empty."""
        async with Storage(self.url.render_as_string(hide_password=False), keys=KEYS) as storage:
            await storage.write(self._offices)
        await self._fill("slots", SLOT, self._slots())
        await self._analyse()

    async def book(self, total: int) -> None:
        """Appointments until there are `total`, spread evenly; the counters of their slots follow."""
        await self._fill("appointments", APPOINTMENT, self._appointments(self.appointments, total))
        self.appointments = total
        slots = OFFICES * DAYS * STARTS
        full, more = divmod(total, slots)
        one_more = f"(CASE WHEN (id - 1) % {slots} < {more} THEN 1 ELSE 0 END)"
        await self._run(f"UPDATE slots SET remaining = {PLACES} - {full} - {one_more}")  # noqa: S608  # our own numbers
        await self._run("UPDATE slots SET is_open = (remaining > 0) WHERE is_open <> (remaining > 0)")
        await self._analyse()

    def _offices(self, session: WriteSession) -> None:
        service = make_service(session)
        person = make_person(session, conversation=make_conversation(session))
        self.service, self.person = service.id, person.id
        for number in range(OFFICES):
            office = make_office(session, code=f"B-{number}", point=(35 + number % 40 / 20, 51 + number // 40 / 20))
            self.offices.append(office.id)
            self.queues.append(make_queue(session, office=office, services=[service]).id)

    def _slots(self) -> Iterator[Sequence[Any]]:
        number = 0
        days = [TODAY + timedelta(days=1 + n) for n in range(DAYS)]
        starts = [[at(day, hour=8 + n // 4, minute=n % 4 * 15) for n in range(STARTS)] for day in days]
        for queue in self.queues:
            for day, times in zip(days, starts, strict=True):
                for start in times:
                    number += 1
                    yield (number, queue, start, day, 15, PLACES, PLACES, PLACES, "live", True, 1)

    def _appointments(self, first: int, total: int) -> Iterator[Sequence[Any]]:
        slots = OFFICES * DAYS * STARTS
        days = [TODAY + timedelta(days=1 + n) for n in range(DAYS)]
        mornings = [at(day, hour=8) for day in days]
        for number in range(first, total):
            slot = number % slots
            queue, rest = divmod(slot, DAYS * STARTS)
            day = rest // STARTS
            code = f"{100_000_000 + number}"
            # Served appointments: the unique index of live ones allows one for each person and service.
            yield (
                number + 1, code, f"b{number}", slot + 1, self.offices[queue], self.service, self.person, "served",
                False, mornings[day], days[day], 0, NOW, NOW,
            )  # fmt: skip

    async def _fill(self, table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
        if self.is_sqlite:
            await asyncio.to_thread(self._fill_sqlite, table, columns, rows)
            return
        connection = await self._postgres()
        while batch := list(islice(rows, BATCH)):
            await connection.copy_records_to_table(table, records=batch, columns=columns)
        await connection.close()

    def _fill_sqlite(self, table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
        connection = sqlite3.connect(str(self.url.database))
        connection.execute("PRAGMA synchronous=OFF")
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  # names written above
        while batch := list(islice(rows, BATCH)):
            connection.executemany(statement, [[_for_sqlite(value) for value in row] for row in batch])
            connection.commit()
        connection.close()

    async def _analyse(self) -> None:
        await self._run("ANALYZE" if self.is_sqlite else "VACUUM ANALYZE")

    async def _run(self, statement: str) -> None:
        if self.is_sqlite:
            await asyncio.to_thread(self._run_sqlite, statement)
            return
        there = await self._postgres()
        await there.execute(statement)
        await there.close()

    def _run_sqlite(self, statement: str) -> None:
        connection = sqlite3.connect(str(self.url.database), isolation_level=None)
        connection.execute(statement)
        connection.close()

    async def _postgres(self) -> asyncpg.Connection:
        return await asyncpg.connect(
            user=self.url.username, database=self.url.database, host=str(self.url.query["host"])
        )


def _for_sqlite(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
