"""What a step may return: a question with its answers, or the passing over of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from bot.dialogue.heard import SharedContact, Voice
from bot.dialogue.says import Says, Style
from desk.language.text import Param
from desk.values import GeoPoint

if TYPE_CHECKING:
    from bot.dialogue.steps import Step

Json = Any
"""A JSON value: what a draft field may hold."""


@dataclass(frozen=True, slots=True)
class Go:
    """Leave for another flow, entering it with `arg` (see `Flow.enter`)."""

    flow: str
    arg: str = ""

    @property
    def data(self) -> str:
        """The same as button data that stays true on an old message: it is checked anew whenever it is pressed."""
        return f"go:{self.flow}:{self.arg}"


class Onward(Enum):
    """A way on that names no step."""

    PAST_OPTIONAL = "past what may be left out"


PAST_OPTIONAL: Final = Onward.PAST_OPTIONAL
"""On to the next question that may not be left out."""

Target: TypeAlias = "Step[Any] | Go | Onward"
"""Where an answer leads: back to a step of this flow or to one aside, into another flow, or past what is optional.

Without one it leads on to the next question that is still to be asked.
"""


class Meaning(Enum):
    """What an option says to a question that somebody may answer with one little word."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on a button. `key` is short ASCII without dots.

    Choosing it sets the draft fields of `sets` and nothing else, and leads to `then`. `means` = «yes» or «no», however
    they are worded, choose it too. `of_flow` = in a block's question, the fields are those of the flow's draft: the
    flow gave the option to the block.
    """

    key: str
    label: Param
    then: Target | None = None
    sets: Mapping[str, Json] = field(default_factory=dict)
    style: Style = Style.PLAIN
    means: Meaning | None = None
    of_flow: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A typed, spoken or shared answer was understood."""

    sets: Mapping[str, Json] = field(default_factory=dict)
    then: Target | None = None
    of_flow: bool = False
    words_field: str = ""
    """The draft field that took the person's own words, more of which may come."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It was not, but we can say what would help: what we understood, what we need, an example."""

    hint: Param


Reading = Taken | Unclear | None
"""None = not understood at all."""


@dataclass(frozen=True, slots=True)
class TakesWords:
    """What is written or said here goes into this draft field, in one's own words (`bot.dialogue.own_words`).

    `adds` = it is put to what was told before, on the same screen; else it takes its place and leads to `then`.
    """

    field: str
    then: Target | None = None
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question. Rebuilt on every exchange from the draft and the database, never stored.

    Options beyond what a screen may hold are paged by the engine. `reads` gets the typed text after options and
    commands did not match it (`reads_first` puts it before the numbers of options). `unshown` have no button here, but
    their words are understood, as of what stands behind a button of this screen. `is_sensitive` = what was typed is
    deleted from the chat where the messenger allows it. `shows` = results sent before the question. `takes` says where
    every text and voice note goes that is no button and no command.
    """

    text: Param
    options: tuple[Option, ...] = ()
    unshown: tuple[Option, ...] = ()
    columns: int = 1
    reads: Callable[[str], Reading] | None = None
    reads_first: bool = False
    places: Callable[[GeoPoint], Reading] | None = None
    voices: Callable[[Voice], Reading] | None = None
    contacts: Callable[[SharedContact], Reading] | None = None
    takes: TakesWords | None = None
    asks_location: Param | None = None
    hint: Param | None = None
    is_sensitive: bool = False
    shows: tuple[Says, ...] = ()
    gone: Param | None = None
    """Said when the pressed option is no longer there, as a time that somebody else took; None = the common words."""
    says_why: bool = False
    """The text tells itself what is not to be had, so that what a refusal promised on the way here would contradict."""
    has_back: bool = True
    has_menu: bool = True


@dataclass(frozen=True, slots=True)
class Skip:
    """Nobody is asked a question that has one answer: set these fields and go on.

    `gone` is said to somebody who answers the question of this step all the same, because it was asked a moment ago.
    """

    sets: Mapping[str, Json] = field(default_factory=dict)
    then: Target | None = None
    gone: Param | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The flow is over. `text` replaces the last screen; `links` stay pressable for good; `shows` are results."""

    text: Param
    links: tuple[tuple[Param, Go], ...] = ()
    shows: tuple[Says, ...] = ()
    then: Go | None = None
    """Go straight on into another flow, whose question follows the text in the same screen; None = the main menu waits
    behind a button."""
    goes_back: bool = False
    """Return to the question of the flow the person came from, as it stood (the language changed in the middle)."""


@dataclass(frozen=True, slots=True)
class Sorry:
    """How an expected refusal of the desk is told, and the step to go on from: of the flow, or of a block in it."""

    text: Param
    then: Step[Any] | Go | None = None


class Apology(Protocol):
    """Finds the words for a refusal; None = nobody thought of it, which is a fault of ours."""

    def __call__(self, refusal: Exception) -> Sorry | None: ...
