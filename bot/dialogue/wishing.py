"""Where a person may be led who wrote something that answers no question, and the offer of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.dialogue import phrases
from bot.dialogue.questions import Go, Meaning, Option, Question
from desk.conversations.chat import Chat
from desk.language.text import Param
from desk.reading.wishes import Wish

HERE: Final = "~here"
"""The key of the option that leaves an offer and shows the question again."""


@dataclass(frozen=True, slots=True)
class Destination:
    """The flow that a wish or words lead to, with the label of its button."""

    label: Param
    go: Go


@dataclass(frozen=True, slots=True)
class FoundByWords:
    """Where words lead that hold no wish; `asks` = the question above the destinations, "" = the first is sure."""

    destinations: tuple[Destination, ...]
    asks: Param = ""


@dataclass(frozen=True, slots=True)
class Destinations:
    """What the flows offer to free text.

    `of_wish` = the destination of a wish for this chat, with what the words name beside it; None = it leads nowhere.
    `of_words` = where words lead that hold no wish, such as the name of a service, a day or a city. `is_reminded` = an
    appointment of the chat is so near that words may answer its reminder. `of_message` = where words lead after a
    message of the desk about this (`Says.about`); `of_reply` = where a reply to the message of this id leads; None =
    nowhere of its own.
    """

    of_wish: Callable[[Chat, Wish, str], Destination | None]
    of_words: Callable[[Chat, str], FoundByWords | None]
    is_reminded: Callable[[Chat], bool]
    of_message: Callable[[Chat, str], Go | None] = lambda _chat, _about: None
    of_reply: Callable[[Chat, str], Go | None] = lambda _chat, _message_id: None


NO_DESTINATIONS: Final = Destinations(
    lambda _chat, _wish, _typed: None, lambda _chat, _typed: None, lambda _chat: False
)

COURTEOUS: Final = {
    Wish.GREET: phrases.GREETED,
    Wish.THANKS: phrases.THANKED,
    Wish.RUDE: phrases.SWORN_AT,
}


SAID: Final = "~said"
"""Stands before the words whose wishes are offered, and these wishes; without a wish, what the words name is."""
START: Final = "~start"
"""Stands among what is offered for the main page that `/start` asked for, while answers would be lost by it."""
SAID_YES: Final = "~yes"
"""Stands before the key of the answer that is offered where «yes» answered nothing."""
SAID_NO: Final = "~no"
"""Stands among what is offered for the way back, where «no» answered nothing."""
BACKWARD: Final = "~backward"
"""The key of the option that goes one step back, from the question below the offer."""


def is_it_this(answer: Option) -> Question:
    """The screen for «yes» where no yes was asked for."""
    here = Option(HERE, phrases.GO_ON_HERE, means=Meaning.NO)
    return Question(phrases.DID_YOU_MEAN, options=(replace(answer, means=Meaning.YES), here), has_back=False)


def shall_we_go_back(*, has_back: bool) -> Question:
    """The screen for «no» where nothing was asked that it answers; without a step before, the main page is offered."""
    here = Option(HERE, phrases.GO_ON_HERE, means=Meaning.NO)
    if has_back:
        back = Option(BACKWARD, phrases.YES_GO_BACK, means=Meaning.YES)
        return Question(phrases.NO_BACK, options=(back, here), has_back=False)
    home = Option("home", phrases.MENU, then=Go("menu"), means=Meaning.YES)
    return Question(phrases.NO_HOME, options=(here, home), has_back=False, has_menu=False)


def go_on_or_begin_anew() -> Question:
    """The screen for `/start` in the middle of a flow: its answers are kept unless the person gives them up."""
    return Question(
        phrases.HAD_BEGUN,
        options=(
            Option(HERE, phrases.YES_GO_ON, means=Meaning.YES),
            Option("anew", phrases.BEGIN_ANEW, then=Go("menu"), means=Meaning.NO),
        ),
        has_back=False,
        has_menu=False,
    )


def offer(found: Sequence[Destination], *, asks: Param = "", in_the_middle: bool, desk: Go | None) -> Question:
    """The screen that asks which of these was meant; at most two guesses, then the desk, or going on here.

    `desk` = the way of the words to the desk; None = none are kept.
    """
    options = [
        Option(f"w{place}", each.label, then=each.go, means=None if place else Meaning.YES)
        for place, each in enumerate(found)
    ]
    if in_the_middle:
        options.append(Option(HERE, phrases.GO_ON_HERE, means=Meaning.NO))
    elif desk is not None and all(each.go.flow != desk.flow for each in found):
        options.append(Option("desk", phrases.SEND_TO_DESK, then=desk))
    elif len(options) < LEAST_OFFERED:
        options.append(Option(HERE, phrases.SOMETHING_ELSE, means=Meaning.NO))
    usual = phrases.LEAVE_FOR_IT if in_the_middle else phrases.DID_YOU_MEAN
    return Question(asks or usual, options=tuple(options), has_back=False)


LEAST_OFFERED: Final = 2
"""A guess is never the only button."""
