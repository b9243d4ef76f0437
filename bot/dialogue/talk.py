"""What a step may look at."""

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
    """The draft, the chat at the desk, the language, the moment.

    `key` is the business key of this run of the flow: the same for a repeated tap, another in the next run.
    """

    draft: D
    desk: Chat
    locale: Locale
    now: datetime
    key: str


@dataclass(frozen=True, slots=True)
class BlockTalk(Talk[B], Generic[B, G]):
    """The talk as a step of a block sees it: its own draft, and what the flow gives it to know."""

    given: G
