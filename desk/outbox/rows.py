"""A claimed message for the worker, and what staff see of a delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from desk.outbox.rules import DeliveryState, Lane


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this worker may send until `lease_until`; `tries` counts this try."""

    id: int
    channel: str
    bot: str
    conversation_id: int
    """The chat that it goes to."""
    instead_of: int | None
    """The chat that it belongs to, where that is another one."""
    chat: str
    """Its id there, decrypted."""
    lane: Lane
    notice: str
    params: dict[str, Any]
    about: str | None
    tries: int
    due_at: datetime
    created_at: datetime
    lease_until: datetime


class SentTo(NamedTuple):
    """A message that was sent."""

    id: int
    message_id: str | None
    """The messenger's own number of it."""
    claimed_for: int | None = None
    """The chat for which it was claimed; None = for the one that it goes to now."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The state of the newest message about something."""

    state: DeliveryState
    reason: str | None
    due_at: datetime
    sent_at: datetime | None
    tries: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """The number of messages that should have been sent, since when the oldest reply waits, and whether one is
    stuck."""

    number: int
    oldest: datetime | None
    is_stuck: bool


@dataclass(frozen=True, slots=True)
class DeadMessage:
    """A message that will not be tried again, with the reason staff can see."""

    id: int
    channel: str
    bot: str
    notice: str
    about: str | None
    tries: int
    reason: str | None
    created_at: datetime
