"""Checks and hashes passwords off the event loop, a few at once: each takes 64 MiB for 50 ms on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from desk.staff import passwords

T = TypeVar("T")

AT_ONCE = 2
WAITING = 12
"""The most that wait: who would wait longer than a second is asked to press once more."""


class Busy(Exception):
    """Too many passwords are being checked just now."""


class PasswordPool:
    """Runs the slow hash in threads of its own, so that many sign-ins take neither the memory nor the loop."""

    def __init__(self, *, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._pool = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="passwords")
        self._room = at_once + waiting
        self._inside = 0

    async def verify(self, password_hash: str, password: str) -> bool:
        """Whether the password is the right one. Raises Busy."""
        return await self._run(lambda: passwords.verify_password(password_hash, password))

    async def hashed(self, password: str) -> str:
        """The hash to store. Raises Busy."""
        return await self._run(lambda: passwords.hash_password(password))

    async def _run(self, work: Callable[[], T]) -> T:
        if self._inside >= self._room:
            raise Busy
        self._inside += 1
        loop = asyncio.get_running_loop()
        running = self._pool.submit(work)
        # Counted until the work has ended, also where the browser went away meanwhile.
        running.add_done_callback(lambda _done: loop.call_soon_threadsafe(self._leave))
        return await asyncio.wrap_future(running)

    def _leave(self) -> None:
        self._inside -= 1
