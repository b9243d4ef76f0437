"""The light row in which an exchange carries its conversation, and what staff see of an update that was set aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One chat of one bot as it stood when the exchange began; changes go through `actions.save`."""

    id: int
    channel: str
    bot: str
    chat: str
    locale: str | None
    consented_at: datetime | None
    state: dict[str, Any]
    revision: int
    reachable: bool
    limits_mark: str | None
    """The keyed hash under which the chat is counted; None = it has none yet."""


@dataclass(frozen=True, slots=True)
class ParkedUpdate:
    """An update that could not be read; `reason` names fields and types, never what was said."""

    channel: str
    bot: str
    update_id: str
    heard_at: datetime
    reason: str | None
