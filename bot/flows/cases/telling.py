"""Asks for the person's own words, and shows them in a last check before sending.

Every flow that sends own words ends with `ask_last_look`, or with a summary that includes `shown` and the same `takes`.
So nothing is filed that the person has not seen, and further words are added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogue.not_sent import NOTHING_SENT, SEND
from bot.dialogue.own_words import OwnWords, shown, text_of, voice_of
from bot.dialogue.phrases import A_VOICE_NOTE, SEND_IT
from bot.dialogue.questions import Go, Meaning, Option, Question, TakesWords, Target
from bot.dialogue.says import ButtonStyle
from bot.dialogue.steps import Step
from desk.language.text import Param, lines, paragraphs, words

_ = words("telling")

__all__ = ["A_VOICE_NOTE", "OwnWords", "shown", "text_of", "voice_of"]

WRITE_OR_SAY = _("Write it, or send a voice note.")
WE_SEND = _("This will be sent:")
MORE_IS_ADDED = _("To add something, just write it here.")
WRITE_ANEW = _("Write it anew")
SOMETHING_ELSE = _("No, something else")
NO_NUMBERS = _("Please write no identity number.")


def ask_to_tell(question: Param, *, field: str, options: Sequence[Option] = ()) -> Question:
    """A question whose answer, in own words, is stored in the draft field `field`."""
    return Question(question, options=tuple(options), takes=TakesWords(field), reads_first=True)


def ask_last_look(
    told: OwnWords,
    *,
    to: Param | None,
    field: str,
    anew: Step[Any] | None,
    options: Sequence[Option] = (),
    other: Target | None = None,
) -> Question:
    """The last check of the words in the draft field `field`: send them, or write them again in the step `anew`.

    Place the step right before the finish: «send» leads to the next step. `anew` None = they were written where
    nothing asked for them, so that the person may mean something else, and is led to `other` (None = to the main page).
    """
    if anew is None:
        away = Option(
            "else",
            SOMETHING_ELSE,
            then=other or Go("menu"),
            sets={field: None},
            means=Meaning.NO,
            note=NOTHING_SENT,
        )
    else:
        away = Option("anew", WRITE_ANEW, then=anew, means=Meaning.NO)
    return Question(
        paragraphs(
            to,
            lines(WE_SEND, shown(told)),
            lines(_("Shall we send it?"), MORE_IS_ADDED),
        ),
        options=(
            Option(SEND, SEND_IT, style=ButtonStyle.CONFIRM, means=Meaning.YES),
            *options,
            away,
        ),
        takes=TakesWords(field, adds=True),
    )
