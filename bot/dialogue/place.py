"""Where a conversation stands, as plain data that survives a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.questions import Json

DEEPEST = 12
"""How many screens back a person can go."""


@dataclass(slots=True)
class Place:
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
    """The draft field of what was just told in own words: until the next answer, more of it may come."""
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
    def load(cls, data: Mapping[str, Any]) -> Place:
        """From stored JSON; an unknown shape gives an empty place, that is the main menu."""
        if "told" in data:  # as earlier versions called it
            data = {**data, "words_field": data["told"]}
            del data["told"]
        try:
            place = cls(**data)
        except TypeError:
            return cls(run=int(data.get("run", 0)) if isinstance(data.get("run", 0), int) else 0)
        return place

    def dump(self) -> dict[str, Any]:
        empty = Place()
        names = self.__dataclass_fields__
        return {name: getattr(self, name) for name in names if getattr(self, name) != getattr(empty, name)}

    def without_answers(self) -> Place:
        """The same chat, in the middle of nothing: its next word leads to the main page. What counts on stays: the run,
        by which business keys are new, and the keyboard that stands."""
        return Place(run=self.run, keyboard=self.keyboard, cleared=self.cleared)

    def forget_trouble(self) -> None:
        """Another screen comes: whoever was not understood on this one is no longer in need of a person."""
        self.misses = 0
        self.refused_picture = False

    def remember(self, *, leaving_flow: bool) -> None:
        """Put the present screen on the trail."""
        self.trail.append([self.flow, self.step, self.draft] if leaving_flow else self.step)
        del self.trail[:-DEEPEST]
