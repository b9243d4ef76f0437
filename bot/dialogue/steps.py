"""Steps: the questions of a flow or of a block, in the order of the chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

from bot.dialogue.drafts import Shape
from bot.dialogue.questions import Go, Question, Skip

D = TypeVar("D")
T = TypeVar("T")

StepAnswer = Question | Skip | Go


class Step(Generic[T]):
    """One question. `T` is the talk its body gets.

    `asks` = the draft field that holds its answer: the step is skipped on the way forward while the field is answered,
    and the field is emptied when an earlier answer changes. `unless` skips it for another reason. `is_optional` = it
    may be skipped (`PAST_OPTIONAL`). `is_aside` = it is not on the way: only an answer that names it leads to it.
    `stays` = its answer is kept when an earlier answer changes.
    """

    def __init__(
        self,
        body: Callable[[T], StepAnswer],
        *,
        asks: str = "",
        unless: Callable[[Any], bool] | None = None,
        is_optional: bool = False,
        is_aside: bool = False,
        stays: bool = False,
    ) -> None:
        self.name = body.__name__
        self.body = body
        self.asks = asks
        self.unless = unless
        self.is_optional = is_optional
        self.is_aside = is_aside
        self.stays = stays
        self.after: Callable[[T], None] | None = None

    def answered(self, work: Callable[[T], None]) -> Callable[[T], None]:
        """Run `work` after the step is answered: the exception to «only finish writes», for a hold."""
        self.after = work
        return work

    def __repr__(self) -> str:
        return f"<step {self.name}>"


class Steps(Generic[D, T]):
    """The steps of a flow or of a block, and the draft that they fill."""

    def __init__(self, name: str, *, draft: type[D]) -> None:
        self.name = name
        self.shape: Shape[D] = Shape(draft)

    @overload
    def step(self, body: Callable[[T], StepAnswer], /) -> Step[T]: ...

    @overload
    def step(
        self,
        /,
        *,
        asks: str = "",
        unless: Callable[[D], bool] | None = None,
        optional: bool = False,
        aside: bool = False,
        stays: bool = False,
    ) -> Callable[[Callable[[T], StepAnswer]], Step[T]]: ...

    def step(
        self,
        body: Callable[[T], StepAnswer] | None = None,
        /,
        *,
        asks: str = "",
        unless: Callable[[D], bool] | None = None,
        optional: bool = False,
        aside: bool = False,
        stays: bool = False,
    ) -> Step[T] | Callable[[Callable[[T], StepAnswer]], Step[T]]:
        """Add the next step in the order of the chat; `Step` explains the parameters."""
        if asks:
            self.shape.require([asks])

        def add(body: Callable[[T], StepAnswer]) -> Step[T]:
            step = Step(body, asks=asks, unless=unless, is_optional=optional, is_aside=aside, stays=stays)
            self._add(step)
            return step

        return add if body is None else add(body)

    def _add(self, step: Step[T]) -> None:
        raise NotImplementedError
