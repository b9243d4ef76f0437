"""Saying something in one's own words: the question for it, and the last look at what will be sent.

Every flow that sends words of a person to the desk ends with `ask_last_look` (or with a summary of its own that shows
`shown` and has the same `takes`): nothing is filed that was not seen, and what is written there is added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogue.own_words import OwnWords, shown, text_of, voice_of
from bot.dialogue.phrases import A_VOICE_NOTE
from bot.dialogue.questions import Meaning, Option, Question, TakesWords
from bot.dialogue.says import Style
from bot.dialogue.steps import Step
from desk.language.text import Param, lines, paragraphs, words

_ = words("telling")

__all__ = ["A_VOICE_NOTE", "OwnWords", "shown", "text_of", "voice_of"]

WRITE_OR_SAY = _("Write it, or send a voice note.")
WE_SEND = _("This will be sent:")
MORE_IS_ADDED = _("To add something, just write it here.")
WRITE_ANEW = _("Write it anew")
NO_NUMBERS = _("Please write no identity number.")


def ask_to_tell(
    question: Param, *, field: str, options: Sequence[Option] = (), then: Step[Any] | None = None
) -> Question:
    """The question whose answer goes into the draft field `field`."""
    return Question(question, options=tuple(options), takes=TakesWords(field), reads_first=True)


def ask_last_look(told: OwnWords, *, to: Param | None, field: str, anew: Step[Any]) -> Question:
    """What will be sent, from the draft field `field`: send it, or write it anew in the step `anew`.

    Place the step right before the finish: «send» leads on in source order.
    """
    return Question(
        paragraphs(
            to,
            lines(WE_SEND, shown(told)),
            lines(_("Shall we send it?"), MORE_IS_ADDED),
        ),
        options=(
            Option("send", _("✅ Send it"), style=Style.CONFIRM, means=Meaning.YES),
            Option("anew", WRITE_ANEW, then=anew, means=Meaning.NO),
        ),
        takes=TakesWords(field, adds=True),
    )
