"""The result of one exchange: the new state, and the messages to send."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialogue.chat_state import ChatState
from bot.dialogue.says import Says
from desk.language.text import Param


@dataclass(slots=True)
class ExchangeResult:
    """`state` is to be stored; `revision` is that of the screen in `says`."""

    state: ChatState
    revision: int
    says: list[Says] = field(default_factory=list)
    toast: Param | None = None
    edits: bool = False
    """The first screen replaces the message that was pressed."""
    deletes: bool = False
    """The person's message has to be deleted."""
