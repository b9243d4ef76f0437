"""What a step may return: a question with its options, or a skip."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from bot.dialogue.heard import SharedContact, Voice
from bot.dialogue.says import ButtonStyle, Says
from desk.language.text import Param
from desk.values import GeoPoint

if TYPE_CHECKING:
    from bot.dialogue.steps import Step

Json = Any
"""A JSON value: what a draft field may hold."""


@dataclass(frozen=True, slots=True)
class Go:
    """Go to another flow, entering it with `arg` (see `Flow.enter`)."""

    flow: str
    arg: str = ""

    @property
    def data(self) -> str:
        """The button data of this link; it stays valid on old messages, and is checked whenever it is pressed."""
        return f"go:{self.flow}:{self.arg}"


UNKNOWN_LINK: Final = Go("menu", "unknown")
"""Where a link leads whose code names nothing that is here: the person is told so above the main page."""


class Onward(Enum):
    """A target that is not a step."""

    PAST_OPTIONAL = "past what may be left out"
    BACK = "back to where it was"


PAST_OPTIONAL: Final = Onward.PAST_OPTIONAL
"""Go to the next required question."""
BACK: Final = Onward.BACK
"""Go back as the button does."""

Target: TypeAlias = "Step[Any] | Go | Onward"
"""Where an answer leads: to an earlier step or one aside, into another flow, or past optional steps.

Without a target it leads to the next open question.
"""


class Meaning(Enum):
    """Whether an option means yes or no, for typed answers."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on a button; `key` is short ASCII without dots.

    Choosing it sets only the draft fields of `sets`, and leads to `then`. `means` = any words for «yes» or «no» choose
    it too. `of_flow` = in a block's question, the fields belong to the flow's draft, since the flow gave the block this
    option. `note` is said above what comes next.
    """

    key: str
    label: Param
    then: Target | None = None
    sets: Mapping[str, Json] = field(default_factory=dict)
    style: ButtonStyle = ButtonStyle.PLAIN
    means: Meaning | None = None
    of_flow: bool = False
    note: Param | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A typed, spoken or shared answer that was understood."""

    sets: Mapping[str, Json] = field(default_factory=dict)
    then: Target | None = None
    of_flow: bool = False
    words_field: str = ""
    """The draft field that holds the person's own words; more may be added."""
    note: Param | None = None
    """Said above the next question."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """An answer that was not understood, with a note on what would help."""

    hint: Param


Reading = Taken | Unclear | None
"""How an answer was read; None = not understood at all."""


@dataclass(frozen=True, slots=True)
class TakesWords:
    """Text and voice are stored in this draft field, as own words (`bot.dialogue.own_words`).

    `adds` = they are added to the earlier ones, on the same screen; else they replace them and lead to `then`.
    """

    field: str
    then: Target | None = None
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question. Rebuilt on every exchange from the draft and the database, never stored.

    The engine splits many options into pages. `reads` gets typed text that matches no option and no command
    (`reads_first` tries it before the numbers of options). `unshown` options have no button here, but their words are
    understood. `is_sensitive` = what was typed is deleted from the chat where the messenger allows it. `shows` =
    results sent before the question. `takes` says where text and voice notes go that are no option and no command.
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
    """Said when the pressed option is no longer offered, such as a slot that was taken; None = the general words."""
    says_why: bool = False
    """The text itself says what is not available, so notes of a refusal on the way are left out."""
    has_voice_for_desk: bool = False
    """A voice note that answers nothing here is taken for the desk at once."""
    about: str | None = ""
    """What of the desk the question shows: words that answer nothing here are for the desk, as after `Says.about`.
    None = something that is no chat's: words here are for nothing else of the chat that was told further up."""
    has_back: bool = True
    has_menu: bool = True


@dataclass(frozen=True, slots=True)
class Skip:
    """Skip the question, for example because it has one answer only: set these fields and go on.

    `gone` is said to a person who answers this step all the same, because it was asked a moment ago.
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
    """Continue with another flow, whose question follows the text in the same screen; None = a button leads to the
    main menu."""
    goes_back: bool = False
    """Return to the question of the flow from which the person came (for a change of language)."""
    resumes: bool = False
    """The same, but only where another flow was left in the middle."""


@dataclass(frozen=True, slots=True)
class Sorry:
    """The words for a refusal of the desk, and the step to go on from: of the flow, or of a block in it."""

    text: Param
    then: Step[Any] | Go | None = None


class Apology(Protocol):
    """Finds the words for a refusal; None = there are none, which is an error of ours."""

    def __call__(self, refusal: Exception) -> Sorry | None: ...
