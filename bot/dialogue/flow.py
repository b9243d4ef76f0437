"""A conversation as its steps in the order of its chat."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.dialogue.questions import Done, Go, Json, Question, Skip
from desk.conversations.chat import Chat
from desk.language.text import Locale

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Talk(Generic[D]):
    """What a step may look at: the draft, the chat at the desk, the language, the moment.

    `key` is the business key of this run of the flow: the same for a repeated tap, another in the next run.
    """

    draft: D
    desk: Chat
    locale: Locale
    now: datetime
    key: str


StepAnswer = Question | Skip | Go
StepBody = Callable[[Talk[D]], StepAnswer]


class Step(Generic[D]):
    """One question of a flow; its name is the draft field it fills."""

    def __init__(self, body: StepBody[D]) -> None:
        self.name = body.__name__
        self.body = body
        self.after: Callable[[Talk[D]], None] | None = None

    def answered(self, work: Callable[[Talk[D]], None]) -> Callable[[Talk[D]], None]:
        """Run `work` once the step has its answer: the deliberate exceptions to «only finish writes» (a hold)."""
        self.after = work
        return work


class BrokenDraft(Exception):
    """A stored draft does not fit the flow any more, as after an update; the flow starts again politely."""


class Flow(Generic[D]):
    """Steps in source order; the next step is the next function in the file unless an answer names another."""

    def __init__(self, name: str, *, draft: type[D]) -> None:
        self.name = name
        self.draft = draft
        self.steps: dict[str, Step[D]] = {}
        self.finishing: Callable[[Talk[D]], Done] | None = None
        self.leaving: Callable[[Talk[D]], None] | None = None
        self.entering: Callable[[Talk[D], str], str | Go | None] | None = None
        self.fields = tuple(field.name for field in dataclasses.fields(draft))  # type: ignore[arg-type]  # D is a dataclass by convention, checked here at import

    def step(self, body: StepBody[D]) -> Step[D]:
        step = Step(body)
        if step.name in self.steps:
            raise ValueError(f"The flow {self.name} has two steps named {step.name}.")
        self.steps[step.name] = step
        return step

    def finish(self, body: Callable[[Talk[D]], Done]) -> Callable[[Talk[D]], Done]:
        """The one place of a flow that writes."""
        self.finishing = body
        return body

    def leave(self, body: Callable[[Talk[D]], None]) -> Callable[[Talk[D]], None]:
        """Runs when the person goes elsewhere before the end (frees a held place)."""
        self.leaving = body
        return body

    def enter(self, body: Callable[[Talk[D], str], str | Go | None]) -> Callable[[Talk[D], str], str | Go | None]:
        """Runs when the flow is opened with an argument from a link or an old button, which is not to be trusted.

        May set draft fields; returns the step to begin with (None = the first), or another flow.
        """
        self.entering = body
        return body

    @property
    def first(self) -> str:
        return next(iter(self.steps))

    def step_after(self, name: str) -> str | None:
        """The next step in source order; None = the finish."""
        names = list(self.steps)
        position = names.index(name) + 1
        return names[position] if position < len(names) else None

    def new_draft(self) -> D:
        return self.draft()

    def load(self, data: Mapping[str, Json]) -> D:
        """The typed draft of stored JSON. Raises `BrokenDraft` when the shape is unknown."""
        if not set(data) <= set(self.fields):
            raise BrokenDraft(self.name)
        try:
            return self.draft(**data)
        except TypeError as error:
            raise BrokenDraft(self.name) from error

    def dump(self, draft: D) -> dict[str, Json]:
        """Only what differs from an empty draft, so that stored states stay small."""
        empty = self.draft()
        return {name: value for name in self.fields if (value := getattr(draft, name)) != getattr(empty, name)}

    def forget_after(self, draft: D, step: str) -> None:
        """Empty the fields of the steps behind `step`: an earlier answer changed, so later ones are asked again."""
        empty = self.draft()
        names = list(self.steps)
        for name in names[names.index(step) + 1 :]:
            if name in self.fields:
                setattr(draft, name, getattr(empty, name))


AnyFlow = Flow[Any]
