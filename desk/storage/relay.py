"""Tells other processes on the same PostgreSQL what was committed, and hears it from them (LISTEN and NOTIFY)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from datetime import date
from secrets import token_hex
from typing import Any

import structlog
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from desk.storage.engine import Storage
from desk.storage.signals import EVERYTHING, ChangedRow

log = structlog.get_logger(__name__)

CHANNEL = "mizban"
GATHER = 0.15
"""Seconds during which changes are collected into one NOTIFY: commits with NOTIFY wait for one another."""
LOOK_EVERY = 2.0
"""Seconds between two looks for changes where notifications do not arrive, as behind a pooler that shares
connections."""
PROBE_PATIENCE = 2.0
ALIVE_EVERY = 20.0
"""Seconds after which a silent connection is checked."""
AGAIN_AFTER = (1.0, 30.0)
"""First and longest pause, in seconds, before the connection is opened anew."""
LONGEST = 7900
"""The most bytes in one NOTIFY, which holds 8000; changes that take more are reported as EVERYTHING."""

Marks = dict[str, int]
Look = Callable[[Session, Marks], tuple[frozenset[ChangedRow], Marks]]
"""Finds the changes since these marks, and the new marks; empty marks = from now on."""


class Relay:
    """One connection that listens and notifies; after a break it reports EVERYTHING, since changes may be missed."""

    def __init__(self, storage: Storage, *, url: str = "", look: Look | None = None) -> None:
        """`url` is the database's direct address where `storage` reaches it through a pooler.

        `look` finds changes where nothing can be heard; without it this process only tells.
        """
        self._storage = storage
        self._url = make_url(url) if url else storage.url
        self._look = look
        self._self = token_hex(8)
        self._pending: set[ChangedRow] = set()
        self._wake = asyncio.Event()
        self._probe: asyncio.Event | None = None
        self.hears = False
        """Whether a notification is known to arrive here."""
        storage.signals.relay_by(self._gather)

    async def run(self) -> None:
        """Listen and notify until cancelled; a lost connection is opened again."""
        first, longest = AGAIN_AFTER
        pause = first
        while True:
            try:
                await self._serve()
            except (OSError, DBAPIError, TimeoutError) as error:
                if self.hears:
                    pause = first  # it was open: this is a new break, not one more try
                log.warning("signals_lost", error=type(error).__name__, wait=pause)
            self.hears = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, longest)

    def _gather(self, changes: frozenset[ChangedRow]) -> None:
        self._pending |= changes
        self._wake.set()

    async def _serve(self) -> None:
        engine = create_async_engine(
            self._url.set(drivername="postgresql+asyncpg"),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
        try:
            async with engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.add_listener(CHANNEL, self._heard)
                self.hears = await self._is_heard(connection)
                self._storage.signals.pass_on(frozenset({EVERYTHING}))
                if not self.hears and self._look is not None:
                    log.warning("signals_not_heard", every=LOOK_EVERY)
                    await self._keep_looking(self._look)
                    self.hears = True
                await self._tell(connection)
        finally:
            await engine.dispose()

    async def _is_heard(self, connection: AsyncConnection) -> bool:
        """Send a notification through another connection and wait for it: a pooler accepts LISTEN but delivers
        nothing."""
        self._probe = asyncio.Event()
        async with self._storage.engine.connect() as other:
            await other.execute(_NOTIFY, {"told": json.dumps([self._self, "probe"])})
            await other.commit()
        try:
            await asyncio.wait_for(self._probe.wait(), PROBE_PATIENCE)
        except TimeoutError:
            return False
        return True

    def _heard(self, _connection: Any, _pid: int, _channel: str, told: str) -> None:
        try:
            sender, changes = json.loads(told)
        except ValueError:
            return
        if sender == self._self:
            if changes == "probe" and self._probe is not None:
                self._probe.set()
        elif isinstance(changes, list):
            self._storage.signals.pass_on(frozenset(_read(each) for each in changes))

    async def _tell(self, connection: AsyncConnection) -> None:
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), ALIVE_EVERY)
            except TimeoutError:
                await connection.execute(text("SELECT 1"))
                continue
            await asyncio.sleep(GATHER)
            self._wake.clear()
            # Taken before sending: changes committed meanwhile belong to the next NOTIFY.
            told, self._pending = self._pending, set()
            message = self._written(told)
            if len(message) > LONGEST:
                message = self._written([EVERYTHING])
            try:
                await connection.execute(_NOTIFY, {"told": message})
            except BaseException:
                self._pending |= told  # sent again once the connection is open
                self._wake.set()
                raise

    def _written(self, changes: Iterable[ChangedRow]) -> str:
        rows = [
            (subject, id, office_id, None if day is None else day.isoformat())
            for subject, id, office_id, day in changes
        ]
        return json.dumps([self._self, rows], separators=(",", ":"))

    async def _keep_looking(self, look: Look) -> None:
        """Until the probe comes after all: it may only have been late, on a busy machine or database."""
        marks: Marks = {}
        is_proved = False
        while not is_proved:
            is_proved = self._probe is not None and self._probe.is_set()
            changes, marks = await self._storage.read(look, marks)
            if changes:
                self._storage.signals.pass_on(changes)
            if len(self._written(self._pending)) > LONGEST:
                self._pending = {EVERYTHING}  # sent when one can, which may be never
            if not is_proved:
                await asyncio.sleep(LOOK_EVERY)


def _read(row: list[Any]) -> ChangedRow:
    if len(row) != len(ChangedRow._fields):
        return EVERYTHING  # from a process that still runs another version
    subject, id, office_id, day = row
    return ChangedRow(str(subject), int(id), office_id, None if day is None else date.fromisoformat(day))


_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', :told)")
