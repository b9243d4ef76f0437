"""Where a conversation stands, as plain data that survives a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.questions import Json
from bot.dialogue.unsent import Unsent, UnsentKind

EARLIER_NAMES = {"told": "words_field"}
"""Renamed fields of stored states: the old name and the new one."""

DEEPEST = 12
"""How many screens a person can go back."""


@dataclass(slots=True)
class ChatState:
    """The engine's state of one chat.

    `trail` holds the earlier screens: a step name of the same flow, or `[flow, step, draft]` of another.
    `run` counts the flows entered and is part of every idempotency key. `taps` is the last accepted press, by which
    further taps are recognised: its data, the id of its message, and when it came (ISO). `wish` is the link by which
    the person came, kept while they choose a language and consent.
    """

    flow: str = ""
    step: str = ""
    draft: dict[str, Json] = field(default_factory=dict)
    trail: list[Any] = field(default_factory=list)
    run: int = 0
    page: int = 0
    misses: int = 0
    """How many answers in a row were not understood on this screen."""
    refused_picture: bool = False
    """The screen shows the link for people who were asked for a copy."""
    words_field: str = ""
    """The draft field (or `<part>.<field>`) of the words just stored; until the next answer more may be added."""
    unsent: Unsent | None = None
    """The person's own words that were sent nowhere."""
    owed_results: list[dict[str, str]] = field(default_factory=list)
    """Results that could not be sent and stand nowhere else: `flow` shows one, from `what`, with the next answer."""
    offered: list[str] = field(default_factory=list)
    """What an offer asks about, shown in place of the question until something is chosen or written: wishes, or one of
    `START`, `SAID_NO` and `SAID_YES` with the key of an answer (`bot.dialogue.wishing`)."""
    whose: list[str] = field(default_factory=list)
    """The draft field from whose words a telephone or card was taken out, while it is asked whose it was; then
    «write», where somebody else's is to be written once more."""
    pictured: list[str] = field(default_factory=list)
    """When the last picture came (ISO) and its album, while only pictures have come since."""
    taps: list[str] = field(default_factory=list)
    spoken_of: str = ""
    """What the last message of the desk was about (`Says.about`), while nothing was written since."""
    spoken_last: bool = False
    """That message stands below the present screen."""
    asked_last: bool = False
    """A message that asks something itself (`Says.asks`) stands below the present screen."""
    answers_last: list[str] = field(default_factory=list)
    """The links that «yes» and «no» mean there (`Says.answers`); none where that message does not say."""
    stands_on: str = ""
    """The id of the message that was edited into the present screen; "" = the screen is a message of its own."""
    wish: str = ""
    private_since: str = ""
    """The hour (ISO) since when the state holds answers of a private flow; they are forgotten after a day."""
    keyboard: bool = False
    """A reply keyboard is shown and has to be removed with the next message."""
    cleared: int = 0
    """The revision whose screen removed a reply keyboard; shown again, it removes it again, since the first may not
    have arrived."""

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> ChatState:
        """Load stored JSON; a value of another type gives an empty state, which is the main menu.

        Fields of another version are left out: the rest is enough to go on, so that nobody is sent back and no words
        are lost where an update removes a field here, or is taken back after it added one.
        """
        if isinstance(only := data.get("owed"), dict):  # an earlier version kept one
            data = {"owed_results": [only], **data}
        given = {name: said for stored, said in data.items() if (name := EARLIER_NAMES.get(stored, stored)) in _EMPTY}
        for name, said in given.items():
            if said.__class__ is not _STORED[name]:
                break
        else:
            for screen in given.get("trail", ()):
                match screen:
                    case str() | [str(), str(), dict()]:
                        continue
                break
            else:
                if "unsent" in given:
                    given["unsent"] = Unsent.load(given["unsent"])
                return cls(**given)
        return cls(run=run if isinstance(run := data.get("run", 0), int) else 0)

    def dump(self) -> dict[str, Any]:
        """The fields that differ from an empty state."""
        dumped = {name: said for name, empty in _EMPTY.items() if (said := getattr(self, name)) != empty}
        if self.unsent is not None:
            dumped["unsent"] = self.unsent.dump()
        return dumped

    def holds(self, flows: frozenset[str]) -> bool:
        """Whether it has anything of one of these flows: its answers, words of it, a result that could not be sent."""
        behind = [screen[0] for screen in self.trail if screen.__class__ is list]
        owed = [result["flow"] for result in self.owed_results]
        return not flows.isdisjoint((self.flow, self.unsent and self.unsent.flow, *owed, *behind))

    def owe(self, flow: str, what: str) -> None:
        """Keep that this result of the flow could not be sent."""
        if (result := {"flow": flow, "what": what}) not in self.owed_results:
            self.owed_results.append(result)

    def was_asked(self, answers: tuple[str, str] | None) -> None:
        """A message that asks something itself has arrived below all others: what is written next answers it alone."""
        self.asked_last, self.answers_last = True, list(answers or ())

    def was_heard(self) -> None:
        """The person did something: what they write from now on answers what stands then."""
        self.asked_last, self.answers_last = False, []

    def settle(self, flow: str, what: str) -> bool:
        """The result was sent after all; False = it was not owed any more."""
        if (result := {"flow": flow, "what": what}) not in self.owed_results:
            return False
        self.owed_results.remove(result)
        return True

    def without_answers(self) -> ChatState:
        """The state without the present flow: the next message leads to the main page.

        It keeps `run`, on which idempotency keys depend, the keyboard that is shown, and of what the desk spoke.
        """
        return ChatState(run=self.run, keyboard=self.keyboard, cleared=self.cleared, spoken_of=self.spoken_of)

    @property
    def keeps_words(self) -> bool:
        """Whether words that were not understood are kept for the desk."""
        return self.unsent is not None and self.unsent.kind is UnsentKind.FOR_DESK

    def forget_trouble(self) -> None:
        """Reset the count of misunderstood answers for a new screen."""
        self.misses = 0
        self.refused_picture = False

    def remember(self, *, leaving_flow: bool) -> None:
        """Add the present screen to the trail."""
        self.trail.append([self.flow, self.step, self.draft] if leaving_flow else self.step)
        del self.trail[:-DEEPEST]


_EMPTY = {name: getattr(ChatState(), name) for name in ChatState.__dataclass_fields__}
_STORED = {name: empty.__class__ for name, empty in _EMPTY.items()} | {"unsent": dict}
"""The type of each stored field."""
