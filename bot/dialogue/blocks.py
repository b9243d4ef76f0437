"""Blocks: steps with a draft of their own that several flows place among their steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from bot.dialogue.steps import Step, Steps
from bot.dialogue.talk import BlockTalk, Talk

D = TypeVar("D")
B = TypeVar("B")
G = TypeVar("G")


class Block(Steps[B, BlockTalk[B, G]], Generic[B, G]):
    """Steps that a flow places as one unit; `G` is what the flow gives them, such as the wanted service.

    A block has one exit: the step after it. The way forward skips it while `settled` says of its draft that nothing is
    left to ask.
    """

    def __init__(self, name: str, *, draft: type[B], settled: Callable[[B], bool]) -> None:
        super().__init__(name, draft=draft)
        self.settled: Final = settled
        self.steps: Final[list[Step[BlockTalk[B, G]]]] = []

    def _add(self, step: Step[BlockTalk[B, G]]) -> None:
        self.steps.append(step)


class Placement(Generic[D, B, G]):
    """A block at its place in a flow; called with the flow's talk, it returns the block's talk.

    `part` is the field of the flow's draft that holds the block's draft. `answered` runs after each answer. `unless`
    skips the whole block. `is_optional` = all of it may be skipped. `stays` = it is kept when an earlier question is
    answered again.
    """

    def __init__(
        self,
        block: Block[B, G],
        *,
        part: str,
        given: Callable[[Talk[D]], G],
        answered: Callable[[Talk[D]], None] | None,
        unless: Callable[[D], bool] | None,
        is_optional: bool,
        stays: bool,
    ) -> None:
        self.block: Final = block
        self.part: Final = part
        self.given: Final = given
        self.answered: Final = answered
        self.unless: Final = unless
        self.is_optional: Final = is_optional
        self.stays: Final = stays

    def __call__(self, talk: Talk[D]) -> BlockTalk[B, G]:
        return BlockTalk(getattr(talk.draft, self.part), talk.desk, talk.locale, talk.now, talk.key, self.given(talk))


AnyPlacement = Placement[Any, Any, Any]
