"""Updates of one address one after the other, of different addresses side by side, never too many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import TypeVar

T = TypeVar("T")


class _Lane:
    __slots__ = ("lock", "users")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()  # wakes its waiters in the order they came
        self.users = 0


class Hold:
    """A place in a lane; inside `async with` nobody else of that address is at work."""

    __slots__ = ("_address", "_lane", "_lanes")

    def __init__(self, lanes: dict[Hashable, _Lane], address: Hashable) -> None:
        self._lanes = lanes
        self._address = address
        lane = lanes.get(address)
        if lane is None:
            lane = lanes[address] = _Lane()
        lane.users += 1
        self._lane = lane

    async def __aenter__(self) -> None:
        try:
            await self._lane.lock.acquire()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *exc: object) -> None:
        self._lane.lock.release()
        self._leave()

    def _leave(self) -> None:
        self._lane.users -= 1
        if not self._lane.users:
            del self._lanes[self._address]


class Lanes:
    """Keeps the order inside an address. A lane exists only while somebody is in it, so an idle bot holds none."""

    def __init__(self, *, at_once: int = 64) -> None:
        """At most `at_once` works run at the same time, over all addresses."""
        self._lanes: dict[Hashable, _Lane] = {}
        self.slots = asyncio.Semaphore(at_once)
        """Taken while a work runs; a work that waits in its lane holds none."""

    def hold(self, address: Hashable) -> Hold:
        """Stand in the lane of `address` from this moment on; enter the result exactly once."""
        return Hold(self._lanes, address)

    async def run(self, address: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` after all that was given for `address` before it, and return what it returns."""
        async with self.hold(address), self.slots:
            return await work()

    def behind(self, address: Hashable) -> int:
        """How many works of this address wait behind the one that is running."""
        lane = self._lanes.get(address)
        return 0 if lane is None else max(0, lane.users - 1)

    def __len__(self) -> int:
        """How many addresses have something under way."""
        return len(self._lanes)
