"""Saying something in one's own words: typed, or as a voice note that a person of the desk will hear.

What was told is a draft field of plain JSON: `{"text": …}` or `{"voice": …, "seconds": …}`; the sound itself stays with
the messenger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.dialogue.asks import Ask, Json, Option, Taken
from bot.dialogue.heard import Voice
from desk.language.text import Param, words

_ = words("telling")

Told = Mapping[str, Json] | None

LONGEST_SHOWN = 300
"""Letters of a told text that a summary repeats."""

WRITE_OR_SAY = _("Write it, or send a voice note.")
A_VOICE_NOTE = _("🎙 A voice note")
NO_NUMBERS = _("Please write no identity number.")


def ask_to_tell(question: Param, *, field: str, options: Sequence[Option] = (), then: str | None = None) -> Ask:
    """The question whose answer goes into the draft field `field`."""
    return Ask(
        question,
        options=tuple(options),
        reads=lambda typed: Taken({field: {"text": typed.strip()}}, then=then) if typed.strip() else None,
        reads_first=True,
        voices=lambda voice: Taken({field: {"voice": voice.file_id, "seconds": voice.seconds}}, then=then),
    )


def text_of(told: Told) -> str | None:
    return told.get("text") if told else None


def voice_of(told: Told) -> Voice | None:
    return Voice(told["voice"], told.get("seconds")) if told and told.get("voice") else None


def shown(told: Told) -> Param | None:
    """What was told, short enough for a summary; None = nothing."""
    if not told:
        return None
    text = text_of(told)
    if text is None:
        return A_VOICE_NOTE
    return _("💬 {told}", told=text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…")
