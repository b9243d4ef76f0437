"""What somebody tells in their own words: pieces of text and a voice note, kept together in the order they were sent.

A messenger cuts a long text into several messages, and many people write one thing in several. In a draft it is plain
JSON: `{"pieces": [[number of the message, text], …], "voice": …, "seconds": …}`; the sound itself stays with the
messenger. `{"text": …}` is the shape that earlier versions stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum
from itertools import pairwise
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.heard import Heard, Voice
from bot.dialogue.questions import Option, Question
from bot.dialogue.steps import Step
from desk.language.text import Param, lines, paragraphs

OwnWords = Mapping[str, Any] | None

LONGEST = 8000
"""Letters of one complaint, question or addition; what is longer goes into the next."""
MAY_BE_CUT = 3000
"""Units of UTF-16 from which on the messenger may have cut a text here: it allows 4,096 and looks for a gap before."""
CUT_ANYWHERE = 4096
"""So long is only a text that was cut in the middle of a word."""


LONGEST_SHOWN = 1500
"""Letters of a told text that are shown whole before it is sent; of a longer one its beginning, end and length."""
BEGINNING, END = 900, 400
UNSENT = "unsent"
"""The key of the option that takes up what was told before an update."""


class NoRoom(Enum):
    """Why a piece was not taken; what was told before stands as it was."""

    TOO_LONG = "too long"
    ONE_VOICE = "one voice"


def added(told: OwnWords, heard: Heard) -> dict[str, Any] | NoRoom:
    """What was told together with the text or voice just heard."""
    pieces, voice = _pieces(told), voice_of(told)
    if heard.voice is not None:
        if voice is not None:
            return NoRoom.ONE_VOICE
        voice = heard.voice
    else:
        pieces = sorted([*pieces, [_number(heard), heard.text.strip()]], key=lambda piece: int(piece[0]))
    now: dict[str, Any] = {"pieces": pieces} if pieces else {}
    if voice is not None:
        now |= {"voice": voice.file_id, "seconds": voice.seconds}
    return NoRoom.TOO_LONG if len(text_of(now) or "") > LONGEST else now


def text_of(told: OwnWords) -> str | None:
    """All its words; None = there are none."""
    pieces = [str(text) for _number, text in _pieces(told)]
    if not pieces:
        return None
    return pieces[0] + "".join(f"{_between(before)}{piece}" for before, piece in pairwise(pieces))


def voice_of(told: OwnWords) -> Voice | None:
    """Its voice note."""
    return Voice(told["voice"], told.get("seconds")) if told and told.get("voice") else None


def may_go_on(told: OwnWords) -> bool:
    """Whether the last piece is so long that the next text is most likely the rest of it."""
    pieces = _pieces(told)
    return bool(pieces) and _units(str(pieces[-1][1])) >= MAY_BE_CUT


def found_in(draft: Any) -> dict[str, Any]:
    """All that was told in a stored draft, whatever its shape; empty = nothing was."""
    pieces: list[list[Any]] = []
    now: dict[str, Any] = {}
    for told in _tellings(draft):
        pieces += [piece for piece in _pieces(told) if piece not in pieces]  # one telling may stand in two fields
        if told.get("voice"):
            now |= {"voice": told["voice"], "seconds": told.get("seconds")}
    return {"pieces": pieces, **now} if pieces else now


def with_unsent(question: Question, words: dict[str, Any], *, told: OwnWords, here: Step[Any]) -> Question:
    """A question for own words that offers what the person had told before an update of ours came in between.

    `told` is what the draft holds already; `here` the step that asks, to which more of it leads back.
    """
    takes = question.takes
    if takes is None:
        return question
    now, then = (found_in({"told": told, "unsent": words}), here) if takes.adds else (words, takes.then)
    return replace(
        question,
        text=paragraphs(lines(phrases.YOU_HAD_TOLD, shown(words)), question.text),
        options=(Option(UNSENT, phrases.TAKE_IT, sets={takes.field: now}, then=then), *question.options),
    )


def shown(told: OwnWords) -> Param | None:
    """What was told, before it is sent: whole, or so much that one sees both its ends; None = nothing."""
    text, voice = text_of(told), voice_of(told)
    if not text and voice is None:
        return None
    return lines(_text_shown(text) if text else None, phrases.A_VOICE_NOTE if voice else None)


def _text_shown(text: str) -> Param:
    if len(text) <= LONGEST_SHOWN:
        return phrases.told(text)
    return phrases.told_in_part(text[:BEGINNING].strip(), text[-END:].strip(), count=len(text))


def _tellings(stored: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(stored, Mapping):
        if _is_telling(stored):
            yield stored
        else:
            for value in stored.values():
                yield from _tellings(value)


def _is_telling(value: Mapping[str, Any]) -> bool:
    pieces = value.get("pieces")
    return isinstance(pieces, list) or isinstance(value.get("text"), str) or isinstance(value.get("voice"), str)


def _between(piece: str) -> str:
    """What joins a piece to the next: a line for a thought of its own, a space where the messenger cut."""
    length = _units(piece)
    return "" if length >= CUT_ANYWHERE else " " if length >= MAY_BE_CUT else "\n"


def _pieces(told: OwnWords) -> list[list[Any]]:
    if not told:
        return []
    if "text" in told:
        return [[0, told["text"]]]
    return [list(piece) for piece in told.get("pieces", ())]


def _number(heard: Heard) -> int:
    """Numbers of a chat's messages rise, whatever the order in which they reach us; without one the order stands."""
    number = heard.message_id or ""
    return int(number) if number.isascii() and number.isdecimal() else 0


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
