"""Long polling that loses nothing: an update is confirmed only after it was handled completely."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import structlog

from bot.channels.port import Hears, Refuses, SendingFailed, Unreadable, refuses_nobody
from bot.channels.repair import update_id_of
from bot.dialogue.heard import Heard
from bot.receiving.lanes import Hold, Lanes
from bot.running.tasks import Tasks

log = structlog.get_logger(__name__)

BATCH: Final = 100
LONG_WAIT: Final = 25
"""Seconds a messenger may keep an empty request open."""
NEXT_LOOK: Final = 0.1
LATEST_LOOK: Final = 1.0
"""Seconds until the next request while an update is unfinished: it would be returned again at once."""
FORGET_OFFSET_AFTER: Final = 3 * 24 * 3600.0
"""Seconds without updates after which no offset is sent: after a week the messenger may use lower ids."""
LAST_WORD: Final = 2.0
"""Seconds that the last confirmation may take while stopping."""
FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 30.0
TRIES_BEFORE_PARKING: Final = 6

Fetch = Callable[[int | None, int, int], Awaitable[list[Any]]]
"""(offset, limit, seconds to wait) -> raw updates; an offset confirms all lower ids. Raises SendingFailed."""
Read = Callable[[Any], Heard | Unreadable]


class Poller:
    """Polls for one bot; the offset is the lowest unfinished id, and ids in progress or done are skipped."""

    def __init__(self, *, fetch: Fetch, read: Read, lanes: Lanes, name: str) -> None:
        self._fetch = fetch
        self._read = read
        self._lanes = lanes
        self._name = name
        self._under_way: set[int] = set()
        self._done: set[int] = set()
        self._next: int | None = None
        self._idle = asyncio.Event()
        self._handled = 0
        self._silent_since = 0.0

    async def run(self, hears: Hears, refuses: Refuses = refuses_nobody) -> None:
        """Poll until cancelled; updates in progress are then cut off unconfirmed and come again after the next
        start."""
        pause, look = FIRST_PAUSE, NEXT_LOOK
        try:
            async with Tasks() as tasks:
                while True:
                    try:
                        has_news = await self._round(hears, refuses, tasks)
                    except SendingFailed as failed:
                        wait = max(failed.retry_after or 0.0, pause * random.uniform(0.8, 1.2))  # noqa: S311  # no secret
                        log.warning("asking for updates failed", channel=self._name, reason=failed.reason, wait=wait)
                        pause = min(pause * 2, LONGEST_PAUSE)
                        await asyncio.sleep(wait)
                        continue
                    pause = FIRST_PAUSE
                    look = NEXT_LOOK if has_news else min(look * 2, LATEST_LOOK)
                    if self._under_way:
                        await self._until_idle(look)
        finally:
            await self._confirm()

    async def _round(self, hears: Hears, refuses: Refuses, tasks: Tasks) -> bool:
        """Ask once and start handling the new updates; False = there were none."""
        updates = await self._fetch(self._offset(), BATCH, 0 if self._under_way else LONG_WAIT)
        has_news = False
        for raw in updates:
            update_id = update_id_of(raw) if isinstance(raw, dict) else None
            if update_id is None:
                log.error("an update without an id was passed over", channel=self._name, type=type(raw).__name__)
                continue
            if update_id in self._under_way or update_id in self._done:
                continue
            has_news = True
            heard = self._read(raw)
            if await self._is_refused(refuses, heard):
                self._done.add(update_id)
                continue
            self._under_way.add(update_id)
            self._idle.clear()
            # Tasks begin in order of their start, so the updates of a chat enter their lane in order.
            key = heard.address if isinstance(heard, Heard) else (self._name, update_id)
            tasks.start(self._to_the_end(update_id, heard, self._lanes.hold(key), hears), name=f"{self._name} update")
        return has_news

    async def _is_refused(self, refuses: Refuses, heard: Heard | Unreadable) -> bool:
        """False also where the person could not be told: the update then waits in its lane like any other."""
        try:
            return await refuses(heard)
        except Exception as error:
            log.error("a chat that writes too fast was not told so", channel=self._name, error=type(error).__name__)
            return False

    def _offset(self) -> int | None:
        """The lowest unfinished id; asking with it confirms everything below."""
        if self._under_way:
            offset = min(self._under_way)
        elif self._done:
            offset = max(self._done) + 1
        else:
            if asyncio.get_running_loop().time() - self._silent_since > FORGET_OFFSET_AFTER:
                self._next = None
            return self._next
        self._silent_since = asyncio.get_running_loop().time()
        self._done = {update_id for update_id in self._done if update_id >= offset}
        self._next = offset
        return offset

    async def _until_idle(self, longest: float) -> None:
        with suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
            async with asyncio.timeout(longest):
                await self._idle.wait()

    async def _confirm(self) -> None:
        """Confirm finished updates before stopping, so that they do not come again."""
        if not self._done:
            return
        try:
            async with asyncio.timeout(LAST_WORD):
                await self._fetch(self._offset(), 1, 0)
        except (SendingFailed, TimeoutError):
            log.warning("the last updates could not be confirmed and will be seen again", channel=self._name)

    async def _to_the_end(self, update_id: int, heard: Heard | Unreadable, lane: Hold, hears: Hears) -> None:
        """Handle an update until it is committed; later updates of the chat wait, other chats do not."""
        async with lane:
            tries, pause, handled_before = 0, FIRST_PAUSE, self._handled
            while True:
                try:
                    async with self._lanes.slots:
                        await hears(heard)
                    break
                except Exception as error:
                    tries += 1
                    log.error("an update was not handled", channel=self._name, tries=tries, error=type(error).__name__)
                    if tries >= TRIES_BEFORE_PARKING and self._handled > handled_before and isinstance(heard, Heard):
                        # Others succeeded meanwhile, so this update is at fault: it is parked, or it would block the
                        # rest.
                        heard = Unreadable(str(update_id), f"handling failed {tries} times: {type(error).__name__}")
                await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  # spreads tries, no secret
                pause = min(pause * 2, LONGEST_PAUSE)
        self._handled += 1
        self._under_way.discard(update_id)
        self._done.add(update_id)
        if not self._under_way:
            self._idle.set()
