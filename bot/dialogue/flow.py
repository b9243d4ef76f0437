"""A flow: its steps in the order of the chat, which step is next, and which steps an answer may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from bot.dialogue.blocks import AnyPlacement, Block, Placement
from bot.dialogue.drafts import Shape
from bot.dialogue.questions import Done, Go, Question, Skip
from bot.dialogue.says import Says
from bot.dialogue.steps import Step, StepAnswer, Steps
from bot.dialogue.talk import Talk
from desk.conversations.chat import Chat

__all__ = ["AnyFlow", "Block", "Flow", "RoundAbout", "Stop", "Talk"]

D = TypeVar("D")
B = TypeVar("B")
G = TypeVar("G")

Entry = Step[Any] | Go | None


class RoundAbout(Exception):
    """An answer would skip a required question."""


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """A step of a flow, its own or of a placed block."""

    name: str
    step: Step[Any]
    position: int
    placement: AnyPlacement | None
    part: str
    """The field of the flow's draft that holds the draft of this step's block; "" = the step is the flow's own."""
    is_required: bool
    """It is on the way of the flow and may not be skipped."""

    def ask(self, talk: Talk[Any]) -> StepAnswer:
        return self.step.body(talk if self.placement is None else self.placement(talk))

    def answered(self, talk: Talk[Any]) -> None:
        """Run the step's work after its answer is in the draft."""
        if self.step.after is not None:
            self.step.after(talk if self.placement is None else self.placement(talk))
        if self.placement is not None and self.placement.answered is not None:
            self.placement.answered(talk)

    def filled(self, draft: Any) -> Any:
        """The draft that an answer to this step sets: the flow's, or the block's part of it."""
        return getattr(draft, self.part) if self.part else draft


class Flow(Steps[D, Talk[D]], Generic[D]):
    """A conversation: its steps in source order, its draft, and the one function that writes.

    An answer may name an earlier step, its own step, or a step that is aside. To go forward it names nothing: the
    engine goes to the next step that has no answer yet.
    """

    def __init__(
        self,
        name: str,
        *,
        draft: type[D],
        is_private: bool = False,
        tells_desk: bool = False,
        asks_for_words: bool = False,
        takes_words_in: bool = False,
        asks_much: bool = False,
        looks_last: bool = False,
        only_leads_on: bool = False,
    ) -> None:
        super().__init__(name, draft=draft)
        self.is_private: Final = is_private
        """Its answers are forgotten after a day; where it does not tell the desk, they may be secrets."""
        self.tells_desk: Final = tells_desk
        """It gathers the person's own words for the desk; unsent ones are shown, and may still be sent."""
        self.asks_for_words: Final = asks_for_words
        """Wherever it begins it asks for own words, so that words kept for the desk are kept on the way to it."""
        self.takes_words_in: Final = takes_words_in
        """Words kept for the desk answer its question for words unasked; elsewhere they are offered there."""
        self.asks_much: Final = asks_much
        """`/start` gives up its answers only once the person says so; in other flows a person mostly looks."""
        self.looks_last: Final = looks_last
        """No answer in it binds: it writes nothing, or only behind a last look that has a «yes» of its own. Only here
        is an answer guessed for who says «yes» where that answers nothing."""
        self.only_leads_on: Final = only_leads_on
        """Its page asks for nothing of its own, so that a day, a city or a service may be the first word of a wish."""
        self.stops: Final[list[Stop]] = []
        self.by_name: Final[dict[str, Stop]] = {}
        self._by_step: Final[dict[Step[Any], Stop]] = {}
        self._named: Final[dict[tuple[Stop, Step[Any]], Stop]] = {}
        self._forgets: Final[dict[Stop, _Forgets]] = {}
        self.finishing: Callable[[Talk[D]], Done] | None = None
        self.leaving: Callable[[Talk[D]], None] | None = None
        self.entering: Callable[[Talk[D], str], Entry] | None = None
        self.owing: Callable[[Chat, str], Says | None] | None = None

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
        """Place the steps of a block here; `part` reads its draft from the flow's. For the rest see `Placement`."""
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
        """Register the one function of a flow that writes."""
        self.finishing = body
        return body

    def leave(self, body: Callable[[Talk[D]], None]) -> Callable[[Talk[D]], None]:
        """Register what runs when the person leaves before the end (it releases a held place)."""
        self.leaving = body
        return body

    def enter(self, body: Callable[[Talk[D], str], Entry]) -> Callable[[Talk[D], str], Entry]:
        """Register what runs when the flow is opened with an argument of a link or an old button; the argument is not
        to be trusted.

        It may set draft fields. It returns the step to begin with, another flow, or None for the first open question.
        """
        self.entering = body
        return body

    def owes(self, body: Callable[[Chat, str], Says | None]) -> None:
        """Register what shows a result again that could not be sent, from what it kept (`Says.kept`)."""
        self.owing = body

    # going on -------------------------------------------------------------------------------------------------------

    def next_stop(
        self, after: Stop | None, draft: D, *, past_optional: bool = False, past_answered: bool = True
    ) -> Stop | None:
        """The next stop that is still to be asked; None = the finish. `after` None = from the beginning."""
        for stop in self.stops[after.position + 1 if after is not None else 0 :]:
            if stop.step.is_aside or (past_optional and not stop.is_required):
                continue
            if not past_answered or not self.is_passed(stop, draft):
                return stop
        return None

    def is_passed(self, stop: Stop, draft: D) -> bool:
        """Whether the step is answered, and stays so, or has nothing to ask now."""
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

    def has_answers(self, draft: D) -> bool:
        """Whether the draft holds the answer to a question on the way."""
        return any(
            stop.step.asks
            and not stop.step.is_aside
            and not self._shape_of(stop).is_empty(stop.filled(draft), stop.step.asks)
            for stop in self.stops
        )

    def find(self, step: Step[Any]) -> Stop | None:
        """The stop of this step; None = the flow does not have it."""
        return self._by_step.get(step)

    def named(self, frm: Stop, step: Step[Any]) -> Stop:
        """The stop that an answer given at `frm` names; raises `RoundAbout` where that would skip a question."""
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
        """The questions that would never be asked on going from `frm` to `to`."""
        return [stop for stop in self.stops[frm.position + 1 : to.position] if stop.is_required]

    def begins_at(self, step: Step[Any], draft: D) -> Stop:
        """The stop at which a link begins; raises `RoundAbout` where a question before it has no answer."""
        stop = self._by_step[step]
        for before in self.stops[: stop.position]:
            if before.is_required and not stop.step.is_aside and not self.is_passed(before, draft):
                raise RoundAbout(f"A link into {self.name} at {stop.name} goes round {before.name}.")
        return stop

    def falls_back_to(self, stop: Stop, draft: D) -> Stop:
        """Where a refusal leads that names `stop`: to it, or to an earlier question without an answer."""
        for before in self.stops[: stop.position]:
            if before.is_required and not self.is_passed(before, draft):
                return before
        return stop

    def check(self, stop: Stop, answer: Question | Skip) -> None:
        """Check all options of a question, not only the one that is chosen: they set existing fields and name allowed
        steps.

        Raises `UnknownField`, `RoundAbout`.
        """
        shape = self._shape_of(stop)
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

    def _shape_of(self, stop: Stop) -> Shape[Any]:
        return self.shape if stop.placement is None else stop.placement.block.shape

    # what was said --------------------------------------------------------------------------------------------------

    def fill(self, stop: Stop, draft: D, sets: Mapping[str, Any], *, of_flow: bool = False) -> None:
        """Set the fields of an answer in the draft of the step, or with `of_flow` of the flow. Raises
        `UnknownField`."""
        if not sets:
            return
        (self.shape if of_flow else self._shape_of(stop)).require(sets)
        said = draft if of_flow else stop.filled(draft)
        for name, value in sets.items():
            setattr(said, name, value)

    def forget_after(self, draft: D, stop: Stop) -> None:
        """Empty the fields of later steps: an earlier answer has changed, so they are asked again."""
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
    """The fields that an answer empties, in the flow's draft and in the draft of the step's block."""

    fields: tuple[str, ...]
    of_block: tuple[str, ...]


AnyFlow = Flow[Any]
