"""The stream by which open pages hear that something changed."""

from __future__ import annotations

from backoffice.web.exchange import Ask, Desk, Feed, Reply


async def follow(ask: Ask, desk: Desk) -> Reply:
    """Server-sent events until the browser leaves or the session ends."""
    return Feed(events=desk.events(ask))
