"""Whether this process is ready: the database answers at the right revision, and what should be running runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from desk.storage.engine import Storage
from desk.storage.migrate import head
from mizban.database import revision_of

log = structlog.get_logger(__name__)

PATIENCE = 3.0
"""Seconds the database may take to answer."""


@dataclass(slots=True)
class Health:
    """Asked by `GET /health`. `parts` tell by name whether each of them runs."""

    storage: Storage
    role: str
    parts: dict[str, Callable[[], bool]] = field(default_factory=dict)
    is_closing: bool = False
    revision: str = field(default_factory=head)

    async def report(self) -> tuple[int, dict[str, Any]]:
        """The HTTP status and the body: 200 ready, 503 with the reason; no data of anybody is in it."""
        reason = await self._reason()
        if reason is None:
            return 200, {"status": "ready", "role": self.role, "revision": self.revision, "parts": sorted(self.parts)}
        return 503, {"status": "not ready", "role": self.role, "reason": reason}

    async def _reason(self) -> str | None:
        if self.is_closing:
            return "stopping"
        stopped = [name for name, runs in self.parts.items() if not runs()]
        if stopped:
            return f"not running: {', '.join(sorted(stopped))}"
        try:
            revision = await asyncio.wait_for(self.storage.read(revision_of), PATIENCE)
        except Exception as error:
            log.warning("health_database", error=type(error).__name__)
            return "the database does not answer"
        if revision != self.revision:
            return f"the database stands at revision {revision} instead of {self.revision}"
        return None
