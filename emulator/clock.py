"""The emulator's clock: real unix seconds by default, any source in tests, and a shift that ages messages."""

import time
from collections.abc import Callable


def _system_seconds() -> float:
    return time.time()  # noqa: TID251 - the emulator is its own process and imports nothing of desk; this is its one clock


class EmulatedClock:
    """Unix seconds; `advance` moves all later readings forward, so a test can make a message 48 hours old at once."""

    def __init__(self, source: Callable[[], float] | None = None) -> None:
        self._source = source or _system_seconds
        self._shift = 0.0

    def now(self) -> float:
        """Return unix seconds with fractions."""
        return self._source() + self._shift

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once (never backwards)."""
        if seconds < 0:
            raise ValueError("time only moves forward")
        self._shift += seconds
