"""Makes the hashes of numbers outside of any transaction: two at a time, and not too many for one chat or account."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Final
from weakref import WeakValueDictionary

from desk.identity import Digest, Digests, Mark, stretched

AT_ONCE: Final = 2
"""Hashes that are made at the same time: each takes 64 MiB and a core."""
SERIES: Final = 3600.0
"""Seconds after which the count of one chat or account begins anew."""
OF_A_CHAT: Final = 30
OF_AN_ACCOUNT: Final = 300
REMEMBERED: Final = 10_000
"""Chats and accounts whose count is remembered, those of the latest numbers."""


class DigestPool:
    """Shared by the chats and the pages of a process.

    Several that one exchange asks for are made one after the other, so nobody fills the queue.
    """

    def __init__(self, *, time: Callable[[], float] = monotonic) -> None:
        self._time = time
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="digests")  # they begin with the first number
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self._counts: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    async def make(self, marks: tuple[Mark, ...], *, whose: Hashable, most: int) -> Digests:
        """The hash of this number under each key; none where `whose` had `most` of them made within an hour."""
        if not self._counted(whose, most=most):
            return Digests(too_many=True)
        lock = self._locks.get(whose)
        if lock is None:
            lock = self._locks[whose] = asyncio.Lock()
        async with lock:
            loop = asyncio.get_running_loop()
            hashes = await asyncio.gather(*(loop.run_in_executor(self._threads, stretched, mark) for mark in marks))
        return Digests({marks: Digest(hashes[0], tuple(hashes[1:]))})

    def _counted(self, whose: Hashable, *, most: int) -> bool:
        now = self._time()
        began, count = self._counts.pop(whose, (now, 0))
        if now >= began + SERIES:
            began, count = now, 0
        is_free = count < most
        self._counts[whose] = (began, count + is_free)
        if len(self._counts) > REMEMBERED:
            self._counts.popitem(last=False)
        return is_free
