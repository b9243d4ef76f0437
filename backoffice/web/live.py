"""Telling open pages that something changed, as server-sent events: the subject, office and day, never content."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date

import structlog
from sqlalchemy.exc import DBAPIError

from desk.appointments.history import APPOINTMENTS
from desk.cases.clocks import CASES
from desk.clock import Clock
from desk.signals import ListChanged, Signal, signals_of
from desk.staff import queries as staff_queries
from desk.staff.permissions import Permission
from desk.staff.queries import SignedInStaff
from desk.storage.engine import Storage
from desk.storage.signals import Change

log = structlog.get_logger(__name__)

GATHER = 0.2
"""Seconds during which changes are gathered, so that a crowd of bookings is told as one."""
ASK_AGAIN = 30.0
"""Seconds after which a stream asks whether its session still stands and may still read what it is told of."""
MOST_STREAMS = 4
"""Of one session; the tabs of a browser share one, so more are no browser of ours."""
MOST_TOLD = 40
"""More changes than these at once are told as one: look at everything anew."""

Event = tuple[str, int | None, date | None]
"""Subject, office and day; what pages compare with their own."""

ALL: Event = ("everything", None, None)


class OpenStream:
    """One open stream: what it still has to tell, and how far its person may read."""

    def __init__(self, staff: SignedInStaff) -> None:
        self.staff = staff
        self.wake = asyncio.Event()
        self._pending: set[Event] = set()

    def offer(self, signals: frozenset[Signal] | None) -> None:
        """Keep what this person may know; None = anything may have changed."""
        before = len(self._pending)
        if signals is None:
            self._pending.add(ALL)
        else:
            lists, cases = (self.staff.scope(each) for each in (Permission.APPOINTMENTS_READ, Permission.CASES_READ))
            for signal in signals:
                if isinstance(signal, ListChanged):
                    if signal.is_for(lists):
                        self._pending.add((APPOINTMENTS, signal.office_id, signal.day))
                elif signal.is_for(cases):
                    self._pending.add((CASES, None, None))
        if len(self._pending) != before:
            self.wake.set()

    def take(self) -> list[Event]:
        """What is to be told now."""
        told, self._pending = self._pending, set()
        self.wake.clear()
        return [ALL] if ALL in told or len(told) > MOST_TOLD else sorted(told, key=str)


class Live:
    """The open streams of this process, and the one look-up of where something changed that serves them all."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        """Nothing is told before `run` runs."""
        self._storage = storage
        self._clock = clock
        self._changes: set[Change] = set()
        self._wake = asyncio.Event()
        self._streams: set[OpenStream] = set()
        self._of_session: Counter[str] = Counter()
        self._is_closing = False
        storage.signals.subscribe(self._hear)

    def _hear(self, changes: frozenset[Change]) -> None:
        if self._streams:
            self._changes |= changes
            self._wake.set()

    async def run(self) -> None:
        """Bring changes to the streams until cancelled."""
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
        """End every stream, so that a process that stops does not wait for them."""
        self._is_closing = True
        for stream in self._streams:
            stream.wake.set()

    def open(self, staff: SignedInStaff, *, token: str) -> AsyncIterator[bytes] | None:
        """The events of one stream more, as bytes of `text/event-stream`; None where this session has enough of them.

        It ends with its session, and where its permissions become others.
        """
        if self._is_closing or self._of_session[staff.token_hash] >= MOST_STREAMS:
            return None
        return self._follow(staff, token=token)

    async def _follow(self, staff: SignedInStaff, *, token: str) -> AsyncIterator[bytes]:
        if self._of_session[staff.token_hash] >= MOST_STREAMS:
            return  # of several asked for at one moment; the browser asks again, and is told to stay away
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
                    if still is None or still.must_change_password:
                        yield b"event: ended\ndata: {}\n\n"
                        return
                    if still.actor != stream.staff.actor:
                        return  # the browser comes again, with what it may read now
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
