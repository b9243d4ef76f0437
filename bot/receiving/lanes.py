"""Runs updates of one address in order, of different addresses in parallel, up to a limit."""

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
    """A position in a lane; inside `async with` no other work of that address runs."""

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
    """Keeps the order within an address; a lane exists only while it has work."""

    def __init__(self, *, at_once: int = 64) -> None:
        """`at_once` = how many works may run at the same time, over all addresses."""
        self._lanes: dict[Hashable, _Lane] = {}
        self.slots = asyncio.Semaphore(at_once)
        """Held while a work runs, not while it waits in its lane."""

    def hold(self, address: Hashable) -> Hold:
        """Join the lane of `address` now; enter the result exactly once."""
        return Hold(self._lanes, address)

    async def run(self, address: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` after all earlier works of `address`, and return its result."""
        async with self.hold(address), self.slots:
            return await work()

    def behind(self, address: Hashable) -> int:
        """The number of works of this address that wait."""
        lane = self._lanes.get(address)
        return 0 if lane is None else max(0, lane.users - 1)

    def __len__(self) -> int:
        """The number of addresses with work."""
        return len(self._lanes)
