"""The refusals about the other chat."""

from __future__ import annotations

from dataclasses import dataclass

from desk.refusals import Refusal


@dataclass(frozen=True)
class NobodyAsks(Refusal):
    """No chat shows this code any more."""


@dataclass(frozen=True)
class HasOtherChat(Refusal):
    """One of the two chats is connected with another one already."""
