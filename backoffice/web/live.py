"""Tells open pages by server-sent events that something changed: subject, office and day, never content."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date

import structlog
from sqlalchemy.exc import DBAPIError

from desk.appointments.history import APPOINTMENTS
from desk.cases.deadlines import CASES
from desk.clock import Clock
from desk.marshals.alarms import CROWD
from desk.signals import TOLD, CrowdTold, ListChanged, Signal, signals_of
from desk.staff import queries as staff_queries
from desk.staff.permissions import Permission
from desk.staff.queries import SignedInStaff
from desk.storage.engine import Storage
from desk.storage.signals import ChangedRow

log = structlog.get_logger(__name__)

GATHER = 0.2
"""Seconds during which changes are collected, so that many bookings are told as one."""
ASK_AGAIN = 30.0
"""Seconds after which a stream checks its session and permissions again."""
MOST_STREAMS = 4
"""The most streams of one session; the tabs of a browser share one."""
MOST_TOLD = 40
"""More changes at once than these are told as «reload everything»."""

Event = tuple[str, int | None, date | None]
"""Subject, office and day, which pages compare with their own."""

ALL: Event = ("everything", None, None)


class OpenStream:
    """An open stream: its untold events, and the scopes of its person."""

    def __init__(self, staff: SignedInStaff) -> None:
        self.staff = staff
        self.wake = asyncio.Event()
        self._pending: set[Event] = set()

    def offer(self, signals: frozenset[Signal] | None) -> None:
        """Add the signals that this person may know; None = anything may have changed."""
        before = len(self._pending)
        if signals is None:
            self._pending.add(ALL)
        else:
            lists, cases = (self.staff.scope(each) for each in (Permission.APPOINTMENTS_READ, Permission.CASES_READ))
            crowds = self.staff.scope(Permission.CAPACITY_WRITE)
            for signal in signals:
                if isinstance(signal, CrowdTold):
                    if signal.is_for(crowds):
                        self._pending.add((CROWD, signal.office_id, None))
                elif isinstance(signal, ListChanged):
                    if signal.is_for(lists):
                        self._pending.add((APPOINTMENTS, signal.office_id, signal.day))
                elif signal.is_for(cases):
                    self._pending.add((CASES, signal.case.office_id, None))
        if len(self._pending) != before:
            self.wake.set()

    def take(self) -> list[Event]:
        """The events to send now."""
        told, self._pending = self._pending, set()
        self.wake.clear()
        return [ALL] if ALL in told or len(told) > MOST_TOLD else sorted(told, key=str)


class Live:
    """The open streams of this process, and one look-up of changes for all of them."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        """Nothing is sent before `run` runs."""
        self._storage = storage
        self._clock = clock
        self._changes: set[ChangedRow] = set()
        self._wake = asyncio.Event()
        self._streams: set[OpenStream] = set()
        self._of_session: Counter[str] = Counter()
        self._is_closing = False
        storage.signals.subscribe(self._hear)

    def _hear(self, changes: frozenset[ChangedRow]) -> None:
        shown = {each for each in changes if each.subject in TOLD}
        if self._streams and shown:
            self._changes |= shown
            self._wake.set()

    async def run(self) -> None:
        """Pass changes to the streams until cancelled."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER)
            self._wake.clear()
            changes, self._changes = self._changes, set()
            try:
                signals = await self._storage.read(signals_of, changes)
            except (OSError, DBAPIError) as error:
                log.warning("signals_not_read", error=type(error).__name__)
                signals = None
            for stream in self._streams:
                stream.offer(signals)

    def close(self) -> None:
        """End every stream, so that a stopping process does not wait for them."""
        self._is_closing = True
        for stream in self._streams:
            stream.wake.set()

    def open(self, staff: SignedInStaff, *, token: str) -> AsyncIterator[bytes] | None:
        """Open a stream: bytes of `text/event-stream`; None where this session has enough of them.

        It ends with its session, and when its permissions change.
        """
        if self._is_closing or self._of_session[staff.token_hash] >= MOST_STREAMS:
            return None
        return self._follow(staff, token=token)

    async def _follow(self, staff: SignedInStaff, *, token: str) -> AsyncIterator[bytes]:
        if self._of_session[staff.token_hash] >= MOST_STREAMS:
            return  # several were opened at one moment; the browser asks again, and is refused
        stream = OpenStream(staff)
        self._streams.add(stream)
        self._of_session[staff.token_hash] += 1
        loop = asyncio.get_running_loop()
        try:
            yield b"retry: 3000\nevent: open\ndata: {}\n\n"
            asked = loop.time()
            while not self._is_closing:
                try:
                    await asyncio.wait_for(stream.wake.wait(), max(0.0, asked + ASK_AGAIN - loop.time()))
                except TimeoutError:
                    still = await self._storage.read(staff_queries.session, token=token, now=self._clock.now())
                    if still is None or still.awaits is not None:
                        yield b"event: ended\ndata: {}\n\n"
                        return
                    if still.actor != stream.staff.actor:
                        return  # the browser reconnects, with the present permissions
                    asked = loop.time()
                    yield b": here\n\n"
                    continue
                for subject, office_id, day in stream.take():
                    told = {"subject": subject, "office": office_id, "day": day.isoformat() if day else None}
                    yield f"event: changed\ndata: {json.dumps(told)}\n\n".encode()
        finally:
            self._streams.discard(stream)
            self._of_session[staff.token_hash] -= 1
            if not self._of_session[staff.token_hash]:
                del self._of_session[staff.token_hash]
