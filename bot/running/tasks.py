"""The only place that starts background tasks: each is referenced, its failure is logged, and `stop` ends all."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
ASK_AGAIN = 10.0
CALM_AFTER = 60.0
"""Seconds of running after which an earlier failure is forgotten and pauses start short again."""


class Tasks:
    """A group of background tasks of one owner. Use it as an async context manager, or call `stop`."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        """Run `work` once in the background; an exception of it is logged, not lost."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def keep(self, work: Callable[[], Awaitable[None]], *, name: str) -> asyncio.Task[Any]:
        """Run `work` again and again until stopped: a crash or an early end is logged and followed by a pause."""
        return self.start(self._kept(work, name), name=name)

    async def _kept(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while True:
            begun = loop.time()
            try:
                await work()
                log.warning("background task ended by itself", task=name)
            except Exception as error:
                log.error("background task failed", task=name, error=type(error).__name__, exc_info=error)
            pause = FIRST_PAUSE if loop.time() - begun > CALM_AFTER else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  # spreads restarts, no secret

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task failed", task=task.get_name(), error=type(error).__name__, exc_info=error)

    @property
    def count(self) -> int:
        """How many tasks are running."""
        return len(self._running)

    async def wait(self) -> None:
        """Return when everything started once has ended."""
        while self._running:
            await asyncio.wait(tuple(self._running))

    async def stop(self) -> None:
        """Cancel every task and wait until it has ended."""
        while self._running:
            tasks = tuple(self._running)
            for task in tasks:
                task.cancel()
            # Cancelled again after a while: a library may lose a cancellation that arrives together with its own event.
            await asyncio.wait(tasks, timeout=ASK_AGAIN)

    async def __aenter__(self) -> Tasks:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()
