"""The context of a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from desk.conversations.chat import Chat
from desk.language.text import Locale

D = TypeVar("D")
B = TypeVar("B")
G = TypeVar("G")


@dataclass(frozen=True, slots=True)
class Talk(Generic[D]):
    """What a step may read: the draft, the chat at the desk, the language, the time.

    `key` is the idempotency key of this run of the flow: the same for a repeated tap, another in the next run.
    """

    draft: D
    desk: Chat
    locale: Locale
    now: datetime
    key: str


@dataclass(frozen=True, slots=True)
class BlockTalk(Talk[B], Generic[B, G]):
    """The context of a step of a block: its own draft, and what the flow gives it."""

    given: G
