"""Records whose data staff have seen; readings of a page that stays open are collected into few events."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from backoffice import turned_away
from backoffice.turned_away import TurnedAwayRequests
from backoffice.web.http import Reading
from desk.acting import Actor
from desk.events import actions as events
from desk.staff.security import TurnedAway
from desk.storage.base import WriteSession
from desk.storage.engine import Storage

log = structlog.get_logger(__name__)

AGAIN_AFTER = timedelta(minutes=10)
"""Within this time one event covers a person and a page; another only adds what is new on it."""
GATHER = 0.8
"""The most seconds between a page and its event."""
MOST = 10_000
"""The number of remembered pages; a dropped one costs a second event at worst."""

Key = tuple[int | None, str, str, Reading]
"""The id of the member of staff, their session, the address of the page, and its reading.

With the session: a person with a copied one reads for themselves, also where the owner has just read the same.
"""


@dataclass(slots=True)
class _Looked:
    since: datetime
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    actor: Actor
    page: str
    reading: Reading
    seen: frozenset[str]
    at: datetime


class Readings:
    """Collects, in this process, who saw whom, and writes the events."""

    def __init__(self, storage: Storage) -> None:
        """Recurring readings are written only while `run` runs, or by `flush`."""
        self._storage = storage
        self._looked: dict[Key, _Looked] = {}
        self._waiting: list[_Line] = []
        self._wake = asyncio.Event()
        self._turned_away = TurnedAwayRequests()
        self._timer: asyncio.TimerHandle | None = None

    def turned_away(self, why: TurnedAway, *, staff_id: int | None, page: str, now: datetime) -> None:
        """Count a request that was turned away; within the minute one event tells of all of an account."""
        self._turned_away.count(why, staff_id=staff_id, page=page, now=now)
        self._wake_in_a_minute()

    def _wake_in_a_minute(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is None or self._timer.when() <= loop.time():
            self._timer = loop.call_later(turned_away.MINUTE + 1, self._wake.set)

    async def note(
        self, reading: Reading, *, page: str, actor: Actor, session: str, seen: Collection[str], now: datetime
    ) -> None:
        """Record that somebody is about to see this; recurring readings are collected, others written before the
        page."""
        if not reading.recurs:
            line = _Line(actor=actor, page=page, reading=reading, seen=frozenset(seen), at=now)
            await self._storage.write(_write, [line])
            return
        key = (actor.staff_id, session, page, reading)
        looked = self._looked.get(key)
        if looked is None or now - looked.since >= AGAIN_AFTER:
            self._looked.pop(key, None)
            looked = self._looked[key] = _Looked(now)
            while len(self._looked) > MOST:
                del self._looked[next(iter(self._looked))]
            is_new = True
        else:
            is_new = False
        fresh = frozenset(seen) - looked.seen
        if fresh or is_new:
            looked.seen |= fresh
            self._waiting.append(_Line(actor=actor, page=page, reading=reading, seen=fresh, at=now))
            self._wake.set()

    async def flush(self, *, everything: bool = True) -> None:
        """Write what was collected, in one transaction; after a failure it waits for the next time.

        Without `everything` the requests turned away within the last minute wait: more may follow.
        """
        lines, self._waiting = self._waiting, []
        counted = self._turned_away.taken(everything=everything)
        self._wake.clear()
        if not lines and not counted:
            return
        try:
            await self._storage.write(_write, lines, counted)
        except (OSError, DBAPIError) as error:
            log.warning("readings_not_written", error=type(error).__name__, lines=len(lines))
            self._waiting = lines + self._waiting
            self._turned_away.give_back(counted)
            self._wake.set()

    async def run(self) -> None:
        """Write collected readings until cancelled, and the rest then."""
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(GATHER)
                await self.flush(everything=False)
                if self._turned_away:
                    self._wake_in_a_minute()
        finally:
            await self.flush()


def _write(session: WriteSession, lines: list[_Line], counted: Sequence[turned_away.Found] = ()) -> None:
    turned_away.write(session, counted)
    for line in lines:
        reading = line.reading
        data: dict[str, str] = {"page": line.page}
        if reading.day is not None:
            data["day"] = reading.day.isoformat()
        if reading.purpose:
            data["purpose"] = reading.purpose
        if reading.words:
            data["reason"] = reading.words
        events.note(
            session,
            kind=reading.action,
            subject=reading.subject,
            actor=line.actor,
            office_id=reading.office_id,
            others=sorted(line.seen - {reading.subject}),
            data=data,
            is_told=False,
            now=line.at,
        )
