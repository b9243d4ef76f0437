"""A conversation as its steps in the order of its chat: which step is next, and which may be named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from bot.dialogue.blocks import AnyPlacement, Block, Placement
from bot.dialogue.drafts import Shape
from bot.dialogue.questions import Done, Go, Question, Skip
from bot.dialogue.steps import Step, StepAnswer, Steps
from bot.dialogue.talk import Talk

__all__ = ["AnyFlow", "Block", "Flow", "RoundAbout", "Stop", "Talk"]

D = TypeVar("D")
B = TypeVar("B")
G = TypeVar("G")

Entry = Step[Any] | Go | None


class RoundAbout(Exception):
    """An answer goes round a question that stands on the way: whoever gave it would never be asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """A step at its place in one flow."""

    name: str
    step: Step[Any]
    position: int
    placement: AnyPlacement | None
    part: str
    """The field of the flow's draft that holds the draft of this step's block; "" = the step is the flow's own."""
    is_required: bool
    """It stands on the way and may not be left out."""

    def ask(self, talk: Talk[Any]) -> StepAnswer:
        return self.step.body(talk if self.placement is None else self.placement(talk))

    def answered(self, talk: Talk[Any]) -> None:
        """What is to be done once the answer is in the draft."""
        if self.step.after is not None:
            self.step.after(talk if self.placement is None else self.placement(talk))
        if self.placement is not None and self.placement.answered is not None:
            self.placement.answered(talk)

    def filled(self, draft: Any) -> Any:
        """The draft that an answer to this step fills: the flow's, or its part of the block."""
        return getattr(draft, self.part) if self.part else draft


class Flow(Steps[D, Talk[D]], Generic[D]):
    """Steps in source order; the next step is the next function in the file unless an answer names another.

    An answer may name a step before it, itself or one aside. On the way forward nothing is named: the engine goes on
    to the next step, and past those that are answered and stay so.
    """

    def __init__(self, name: str, *, draft: type[D]) -> None:
        super().__init__(name, draft=draft)
        self.stops: Final[list[Stop]] = []
        self.by_name: Final[dict[str, Stop]] = {}
        self._by_step: Final[dict[Step[Any], Stop]] = {}
        self._named: Final[dict[tuple[Stop, Step[Any]], Stop]] = {}
        self._forgets: Final[dict[Stop, _Forgets]] = {}
        self.finishing: Callable[[Talk[D]], Done] | None = None
        self.leaving: Callable[[Talk[D]], None] | None = None
        self.entering: Callable[[Talk[D], str], Entry] | None = None

    # declaring ------------------------------------------------------------------------------------------------------

    def _add(self, step: Step[Talk[D]]) -> None:
        self._stop_at(step)

    def place(
        self,
        block: Block[B, G],
        *,
        part: Callable[[D], B],
        given: Callable[[Talk[D]], G],
        answered: Callable[[Talk[D]], None] | None = None,
        unless: Callable[[D], bool] | None = None,
        optional: bool = False,
        stays: bool = False,
    ) -> Placement[D, B, G]:
        """Put the steps of a block here. `part` takes its draft out of the flow's; for the rest see `Placement`."""
        placement: Placement[D, B, G] = Placement(
            block,
            part=self.shape.part(part),
            given=given,
            answered=answered,
            unless=unless,
            is_optional=optional,
            stays=stays,
        )
        for step in block.steps:
            self._stop_at(step, placement)
        return placement

    def _stop_at(self, step: Step[Any], placement: AnyPlacement | None = None) -> None:
        if step.name in self.by_name:
            raise ValueError(f"The flow {self.name} has two steps named {step.name}.")
        is_optional = step.is_optional or (placement is not None and placement.is_optional)
        part = placement.part if placement is not None else ""
        stop = Stop(step.name, step, len(self.stops), placement, part, not (is_optional or step.is_aside))
        self.stops.append(stop)
        self.by_name[stop.name] = stop
        self._by_step[step] = stop

    def finish(self, body: Callable[[Talk[D]], Done]) -> Callable[[Talk[D]], Done]:
        """The one place of a flow that writes."""
        self.finishing = body
        return body

    def leave(self, body: Callable[[Talk[D]], None]) -> Callable[[Talk[D]], None]:
        """Runs when the person goes elsewhere before the end (frees a held place)."""
        self.leaving = body
        return body

    def enter(self, body: Callable[[Talk[D], str], Entry]) -> Callable[[Talk[D], str], Entry]:
        """Runs when the flow is opened with an argument from a link or an old button, which is not to be trusted.

        May set draft fields; returns the step to begin with, another flow, or None for the first question that this
        leaves open.
        """
        self.entering = body
        return body

    # going on -------------------------------------------------------------------------------------------------------

    def next_stop(
        self, after: Stop | None, draft: D, *, past_optional: bool = False, past_answered: bool = True
    ) -> Stop | None:
        """The next stop on the way that is still to be asked; None = the finish. `after` None = from the beginning."""
        for stop in self.stops[after.position + 1 if after is not None else 0 :]:
            if stop.step.is_aside or (past_optional and not stop.is_required):
                continue
            if not past_answered or not self.is_passed(stop, draft):
                return stop
        return None

    def is_passed(self, stop: Stop, draft: D) -> bool:
        """Whether the step is answered and stays so, or has no question now."""
        step, placement = stop.step, stop.placement
        said: Any = draft
        shape = self.shape
        if placement is not None:
            if placement.unless is not None and placement.unless(draft):
                return True
            said = getattr(draft, stop.part)
            if placement.block.settled(said):
                return True
            shape = placement.block.shape
        if step.unless is not None and step.unless(said):
            return True
        return bool(step.asks) and not shape.is_empty(said, step.asks)

    def find(self, step: Step[Any]) -> Stop | None:
        """Where this step stands in the flow; None = it does not."""
        return self._by_step.get(step)

    def named(self, frm: Stop, step: Step[Any]) -> Stop:
        """The stop that an answer given at `frm` names. Raises `RoundAbout` where it goes round a question."""
        stop = self._named.get((frm, step))
        if stop is None:
            stop = self._by_step[step]
            passed = self.gone_round(frm, stop)
            if passed:
                names = ", ".join(each.name for each in passed)
                raise RoundAbout(f"In {self.name}, going from {frm.name} to {stop.name} goes round {names}.")
            self._named[frm, step] = stop
        return stop

    def gone_round(self, frm: Stop, to: Stop) -> list[Stop]:
        """The questions on the way that whoever goes from `frm` straight to `to` is never asked."""
        return [stop for stop in self.stops[frm.position + 1 : to.position] if stop.is_required]

    def begins_at(self, step: Step[Any], draft: D) -> Stop:
        """The stop that a link begins at. Raises `RoundAbout` where a question before it has no answer."""
        stop = self._by_step[step]
        for before in self.stops[: stop.position]:
            if before.is_required and not stop.step.is_aside and not self.is_passed(before, draft):
                raise RoundAbout(f"A link into {self.name} at {stop.name} goes round {before.name}.")
        return stop

    def falls_back_to(self, stop: Stop, draft: D) -> Stop:
        """Where a refusal leads to that names `stop`: there, or to a question before it that has no answer."""
        for before in self.stops[: stop.position]:
            if before.is_required and not self.is_passed(before, draft):
                return before
        return stop

    def check(self, stop: Stop, answer: Question | Skip) -> None:
        """What a question offers sets what the draft has and names what may be named: else it would be noticed only by
        whoever chooses it. Raises `UnknownField`, `RoundAbout`."""
        shape = self._filled_by(stop)
        if isinstance(answer, Skip):
            shape.require(answer.sets)
            if isinstance(answer.then, Step):
                self.named(stop, answer.then)
            return
        for option in answer.options:
            if option.sets:
                (self.shape if option.of_flow else shape).require(option.sets)
            if isinstance(option.then, Step):
                self.named(stop, option.then)
        takes = answer.takes
        if takes is not None:
            shape.require((takes.field,))
            if isinstance(takes.then, Step):
                self.named(stop, takes.then)

    def _filled_by(self, stop: Stop) -> Shape[Any]:
        return self.shape if stop.placement is None else stop.placement.block.shape

    # what was said --------------------------------------------------------------------------------------------------

    def fill(self, stop: Stop, draft: D, sets: Mapping[str, Any], *, of_flow: bool = False) -> None:
        """Write an answer into the draft, the step's own or with `of_flow` the flow's. Raises `UnknownField`."""
        if not sets:
            return
        (self.shape if of_flow else self._filled_by(stop)).require(sets)
        said = draft if of_flow else stop.filled(draft)
        for name, value in sets.items():
            setattr(said, name, value)

    def forget_after(self, draft: D, stop: Stop) -> None:
        """Empty what the steps behind this one asked: an earlier answer changed, so later ones are asked again."""
        forgets = self._forgets.get(stop)
        if forgets is None:
            forgets = self._forgets[stop] = self._behind(stop)
        if forgets.fields:
            self.shape.forget(draft, forgets.fields)
        if forgets.of_block and stop.placement is not None:
            stop.placement.block.shape.forget(stop.filled(draft), forgets.of_block)

    def _behind(self, stop: Stop) -> _Forgets:
        fields: dict[str, None] = {}
        of_block: dict[str, None] = {}
        for later in self.stops[stop.position + 1 :]:
            if later.step.stays:
                continue
            if later.placement is None:
                if later.step.asks:
                    fields[later.step.asks] = None
            elif later.placement is stop.placement:
                if later.step.asks:
                    of_block[later.step.asks] = None
            elif not later.placement.stays:
                fields[later.part] = None
        return _Forgets(tuple(fields), tuple(of_block))


@dataclass(frozen=True, slots=True)
class _Forgets:
    """What an answer empties: fields of the flow's draft, and fields of the draft of the step's own block."""

    fields: tuple[str, ...]
    of_block: tuple[str, ...]


AnyFlow = Flow[Any]
