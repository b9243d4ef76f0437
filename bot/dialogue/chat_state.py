"""Where a conversation stands, as plain data that survives a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.questions import Json

EARLIER_NAMES = {"told": "words_field"}
"""What fields of states that are stored already were called."""

DEEPEST = 12
"""How many screens back a person can go."""


@dataclass(slots=True)
class ChatState:
    """The engine's state of one chat.

    `trail` holds the screens behind this one: a step name of the same flow, or `[flow, step, draft]` of another.
    `run` counts flows entered, part of every business key. `tapped` is the data of the last accepted press, so that
    a double tap is known. `wish` is the link that brought the person, kept while language and privacy are settled.
    """

    flow: str = ""
    step: str = ""
    draft: dict[str, Json] = field(default_factory=dict)
    trail: list[Any] = field(default_factory=list)
    run: int = 0
    page: int = 0
    misses: int = 0
    """How often in a row this screen's answer was not understood."""
    refused_picture: bool = False
    """The screen came with the link for those of whom a copy was wanted."""
    words_field: str = ""
    """The draft field (or `<part>.<field>`) of what was just told: until the next answer, more may come."""
    unsent: dict[str, Json] = field(default_factory=dict)
    """What somebody had told in a draft that no longer fits: `flow` and `words`. It is offered where that flow asks."""
    pictured: list[str] = field(default_factory=list)
    """When the last picture came (ISO) and in which album, while nothing but pictures came since."""
    tapped: str = ""
    wish: str = ""
    keyboard: bool = False
    """A reply keyboard is standing and has to be cleared with the next message."""
    cleared: int = 0
    """The revision whose screen took a reply keyboard away: shown again, it does so again, since it may never have
    arrived."""

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> ChatState:
        """From stored JSON; an unknown shape gives an empty state, that is the main menu."""
        given = {EARLIER_NAMES.get(name, name): value for name, value in data.items()}
        try:
            return cls(**given)
        except TypeError:
            return cls(run=run if isinstance(run := data.get("run", 0), int) else 0)

    def dump(self) -> dict[str, Any]:
        """What differs from an empty state."""
        return {name: said for name, empty in _EMPTY.items() if (said := getattr(self, name)) != empty}

    def without_answers(self) -> ChatState:
        """The same chat, in the middle of nothing: its next word leads to the main page. What counts on stays: the run,
        by which business keys are new, and the keyboard that stands."""
        return ChatState(run=self.run, keyboard=self.keyboard, cleared=self.cleared)

    def forget_trouble(self) -> None:
        """Another screen comes: whoever was not understood on this one is no longer in need of a person."""
        self.misses = 0
        self.refused_picture = False

    def remember(self, *, leaving_flow: bool) -> None:
        """Put the present screen on the trail."""
        self.trail.append([self.flow, self.step, self.draft] if leaving_flow else self.step)
        del self.trail[:-DEEPEST]


_EMPTY = {name: getattr(ChatState(), name) for name in ChatState.__dataclass_fields__}
