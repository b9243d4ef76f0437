"""The health of this process: tries its database, and asks each part when it last worked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from desk.clock import steady
from desk.storage.engine import Storage
from desk.storage.migrate import head
from mizban.database import revision_of, touch

log = structlog.get_logger(__name__)

PATIENCE = 3.0
"""Seconds the database may take to answer, and a messenger."""
KEPT = 4.0
"""Seconds for which the database's answer is kept, so that asking often loads nothing."""
KEPT_OF_MESSENGERS = 60.0
"""Seconds for which a good answer about a messenger is kept; a problem is checked again after KEPT."""


@dataclass(slots=True)
class KeptCheck:
    """A check whose answer is kept for a while; None = no problem."""

    ask: Callable[[], Awaitable[str | None]]
    seconds: float
    answer: str | None = None
    until: float | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> str | None:
        async with self.asking:  # concurrent callers wait for the same answer
            if self.until is None or steady() >= self.until:
                self.answer = await self.ask()
                self.until = steady() + (self.seconds if self.answer is None else min(self.seconds, KEPT))
            return self.answer


@dataclass(slots=True)
class Health:
    """What `GET /health` reports; `parts` tell by name whether each runs, `checks` what is wrong (None = nothing)."""

    storage: Storage
    role: str
    parts: dict[str, Callable[[], bool]] = field(default_factory=dict)
    checks: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    is_closing: bool = False
    revision: str = field(default_factory=head)
    _database: KeptCheck = field(init=False)
    _messengers: dict[str, KeptCheck] = field(default_factory=dict)
    _found: str | None = None

    def __post_init__(self) -> None:
        self._database = KeptCheck(self._try_database, KEPT)

    def ask_messenger(self, name: str, ask: Callable[[], Awaitable[str | None]]) -> None:
        """Register a check of whether the messenger can deliver updates, asked now and then."""
        self._messengers[name] = KeptCheck(ask, KEPT_OF_MESSENGERS)

    async def report(self) -> tuple[int, dict[str, Any]]:
        """The HTTP status and body: 200 ready, 503 with the failing parts; no personal data."""
        ill = {"process": "stopping"} if self.is_closing else await self._ill()
        if not ill:
            return 200, {"status": "ready", "role": self.role, "revision": self.revision, "parts": sorted(self.parts)}
        reason = "; ".join(why if part in ("process", "database") else f"{part}: {why}" for part, why in ill.items())
        return 503, {"status": "not ready", "role": self.role, "ill": sorted(ill), "reason": reason}

    async def _ill(self) -> dict[str, str]:
        """The problems of the parts, by name."""
        ill = {name: "not running" for name, runs in self.parts.items() if not runs()}
        ill |= {name: why for name, check in self.checks.items() if (why := check())}
        if why := await self._database():
            ill["database"] = why
        elif self._found != self.revision:
            ill["database"] = f"the database stands at revision {self._found} instead of {self.revision}"
        for name, kept in self._messengers.items():
            if why := await kept():
                ill[name] = why
        return ill

    async def _try_database(self) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE):
                self._found = await self.storage.read(revision_of)
        except Exception as error:
            log.warning("health_database", error=type(error).__name__)
            return "the database does not answer"
        try:
            async with asyncio.timeout(PATIENCE):
                await self.storage.write(touch)
        except Exception as error:
            log.warning("health_database", error=type(error).__name__, writing=True)
            return "the database takes nothing that is written: its disk may be full"
        return None
