"""Saying something in one's own words: the question for it, and the last look at what will be sent.

Every flow that sends words of a person to the desk ends with `ask_last_look` (or with a summary of its own that shows
`shown` and has the same `takes`): nothing is filed that was not seen, and what is written there is added to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.own_words import OwnWords, text_of, voice_of
from bot.dialogue.questions import Meaning, Option, Question, TakesWords
from bot.dialogue.says import Style
from desk.language.text import Param, lines, paragraphs, words

_ = words("telling")

__all__ = ["OwnWords", "text_of", "voice_of"]

LONGEST_SHOWN = 1500
"""Letters of a told text that are shown whole before it is sent; of a longer one its beginning, end and length."""
BEGINNING, END = 900, 400

WRITE_OR_SAY = _("Write it, or send a voice note.")
A_VOICE_NOTE = _("🎙 A voice note")
WE_SEND = _("This will be sent:")
MORE_IS_ADDED = _("To add something, just write it here.")
WRITE_ANEW = _("Write it anew")
NO_NUMBERS = _("Please write no identity number.")


def ask_to_tell(question: Param, *, field: str, options: Sequence[Option] = (), then: str | None = None) -> Question:
    """The question whose answer goes into the draft field `field`."""
    return Question(question, options=tuple(options), takes=TakesWords(field, then), reads_first=True)


def ask_last_look(told: OwnWords, *, to: Param | None, field: str, anew: str) -> Question:
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
            Option("send", _("✅ Send it"), sets={}, style=Style.CONFIRM, means=Meaning.YES),
            Option("anew", WRITE_ANEW, sets={}, then=anew, means=Meaning.NO),
        ),
        takes=TakesWords(field, adds=True),
    )


def shown(told: OwnWords) -> Param | None:
    """What was told, before it is sent: whole, or so much that one sees both its ends; None = nothing."""
    text, voice = text_of(told), voice_of(told)
    return lines(_text_shown(text) if text else None, A_VOICE_NOTE if voice else None) if text or voice else None


def _text_shown(text: str) -> Param:
    if len(text) <= LONGEST_SHOWN:
        return _("💬 {told}", told=text)
    return lines(
        _("💬 {beginning} … {end}", beginning=text[:BEGINNING].strip(), end=text[-END:].strip()),
        _("(All {count} letters will be sent.)", count=len(text)),
    )
