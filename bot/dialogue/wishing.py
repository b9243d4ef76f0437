"""What a person may be led to who wrote something that answers no question: the ways of the flows, and their offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.dialogue import phrases
from bot.dialogue.questions import Go, Option, Question
from desk.conversations.chat import Chat
from desk.language.text import Param
from desk.reading.wishes import Wish

HERE: Final = "~here"
"""The key of the option that leaves an offer and shows the question again."""
DESK: Final = Go("ask", "words")


@dataclass(frozen=True, slots=True)
class Way:
    """The flow that a wish or words lead to, with the label of its button."""

    label: Param
    go: Go


@dataclass(frozen=True, slots=True)
class Ways:
    """What the flows offer to free text.

    `of_wish` = the way of a wish for this chat; None = it leads nowhere. `of_words` = what words lead to that hold no
    wish, such as the name of a service. `is_reminded` = an appointment of the chat is so near that words may answer its
    reminder.
    """

    of_wish: Callable[[Chat, Wish], Way | None]
    of_words: Callable[[Chat, str], Way | None]
    is_reminded: Callable[[Chat], bool]


NO_WAYS: Final = Ways(lambda _chat, _wish: None, lambda _chat, _typed: None, lambda _chat: False)

COURTEOUS: Final = {
    Wish.GREET: phrases.GREETED,
    Wish.THANKS: phrases.THANKED,
    Wish.RUDE: phrases.SWORN_AT,
}


def offer(ways: Sequence[Way], *, in_the_middle: bool, has_words: bool) -> Question:
    """The screen that asks which of these was meant; at most two guesses, then the desk, or going on here."""
    options = [Option(f"w{place}", way.label, then=way.go) for place, way in enumerate(ways)]
    if in_the_middle:
        options.append(Option(HERE, phrases.GO_ON_HERE))
    elif has_words and all(way.go.flow != DESK.flow for way in ways):
        options.append(Option("desk", phrases.SEND_TO_DESK, then=DESK))
    return Question(
        phrases.LEAVE_FOR_IT if in_the_middle else phrases.DID_YOU_MEAN, options=tuple(options), has_back=False
    )
