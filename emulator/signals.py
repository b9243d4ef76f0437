"""A signal that wakes every waiter: what long polls, `settled()` and the page wait on instead of sleeping."""

import asyncio


class Signal:
    """A counter of changes; `wait(since)` returns as soon as the counter has passed `since`."""

    def __init__(self) -> None:
        self.version = 0
        self._waiters: list[asyncio.Future[None]] = []

    def changed(self) -> None:
        """Count one change and wake all waiters."""
        self.version += 1
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, since: int, timeout: float | None) -> bool:
        """Wait until `version > since`, at most `timeout` seconds; False when the time ran out."""
        if self.version > since:
            return True
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            await asyncio.wait_for(waiter, timeout)
        except TimeoutError:
            return self.version > since
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
        return True
