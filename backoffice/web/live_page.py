"""The stream by which open pages hear that something changed."""

from __future__ import annotations

from backoffice.web.http import Backend, EventStream, PageRequest, PageResponse


async def follow(request: PageRequest, backend: Backend) -> PageResponse:
    """Server-sent events until the browser leaves or the session ends."""
    return EventStream(events=backend.events(request))
