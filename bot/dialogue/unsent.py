"""Words that a person wrote and did not send: why the chat keeps them, and for which flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.dialogue.questions import Json


class UnsentKind(StrEnum):
    """Why words are kept."""

    FOR_DESK = "for the desk"
    """They were written where nothing asked for words. They go along to a flow that asks for them, and are forgotten
    in every other."""
    LEFT_BEHIND = "left behind"
    """They stand in a draft that an update of the program no longer reads. Where their flow asks for words, they are
    offered."""
    TOLD = "told"
    """The person went to the main page before sending them, and was told so. They may be taken up where they were
    left; where their flow asks for words, they are offered too."""


@dataclass(frozen=True, slots=True)
class LeftAt:
    """Where the flow stood that was left: its step, its stored draft, and its run, by which a button means it."""

    step: str
    draft: dict[str, Json]
    run: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """The words, and the flow that they are for; of `TOLD` also where it was left."""

    kind: UnsentKind
    flow: str
    words: dict[str, Json]
    left: LeftAt | None = None

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Unsent | None:
        """Read stored JSON; None = it holds no words. Earlier versions told the kind by the other fields."""
        match stored:
            case {"flow": str(flow), "words": dict(words)}:
                left = _left_at(stored)
                kind = _KINDS.get(str(stored.get("kind")))
                if kind is UnsentKind.TOLD and left is None:
                    kind = UnsentKind.LEFT_BEHIND
                return cls(kind or _kind_before(stored, left), flow, words, left)
        return None

    def dump(self) -> dict[str, Json]:
        """Plain JSON, which an earlier version reads too, though perhaps as words that were left behind."""
        left = self.left
        told = {"step": left.step, "draft": left.draft, "run": left.run} if left is not None else {}
        return {"kind": self.kind.value, "flow": self.flow, "words": self.words, **told}


_KINDS = {kind.value: kind for kind in UnsentKind}


def _left_at(stored: Mapping[str, Any]) -> LeftAt | None:
    match stored:
        case {"step": str(step), "draft": dict(draft), "run": int(run)}:
            return LeftAt(step, draft, run)
    return None


def _kind_before(stored: Mapping[str, Any], left: LeftAt | None) -> UnsentKind:
    if left is not None:
        return UnsentKind.TOLD
    return UnsentKind.FOR_DESK if stored.get("is_offered") else UnsentKind.LEFT_BEHIND
