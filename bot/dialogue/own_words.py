"""The person's own words: pieces of text and a voice note, in the order they were sent.

A messenger splits a long text into several messages, and many people write one thing in several. A draft stores plain
JSON: `{"pieces": [[number of the message, text], …], "voice": …, "seconds": …, "theirs": [number, …]}`; the messenger
keeps the recording. `theirs` are telephones and cards of others, which the person gave to be kept. Earlier versions
stored `{"text": …}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from itertools import pairwise
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.heard import Heard, Voice
from bot.dialogue.questions import Option, Question
from bot.dialogue.steps import Step
from desk.language.text import Param, lines, paragraphs
from desk.reading.long_numbers import MASK, Knows, LongNumber, NumberSort, long_numbers

OwnWords = Mapping[str, Any] | None

LONGEST = 8000
"""The most letters of one complaint, question or addition."""
MAY_BE_CUT = 3000
"""A text of so many UTF-16 units may have been split by the messenger: it allows 4,096 and looks for a space before."""
CUT_ANYWHERE = 4096
"""A text of exactly this length was split inside a word."""


LONGEST_SHOWN = 1500
"""A text of up to so many letters is shown whole before it is sent; of a longer one its beginning, end and length."""
BEGINNING, END = 900, 400
UNSENT = "unsent"
"""The key of the option that restores unsent words."""


class NoRoom(Enum):
    """Why a piece was not accepted; the earlier words are unchanged."""

    TOO_LONG = "too long"
    ONE_VOICE = "one voice"


def added(told: OwnWords, heard: Heard) -> dict[str, Any] | NoRoom:
    """The stored words with the text or voice of this update added."""
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
    if told and told.get("theirs"):
        now["theirs"] = told["theirs"]
    return NoRoom.TOO_LONG if len(text_of(now) or "") > LONGEST else now


def joined(before: OwnWords, told: OwnWords) -> dict[str, Any] | NoRoom:
    """The words of both, in this order; of two voice notes there is no room for the second."""
    if voice_of(before) is not None and voice_of(told) is not None:
        return NoRoom.ONE_VOICE
    now = found_in({"before": before, "told": told})
    return NoRoom.TOO_LONG if len(text_of(now) or "") > LONGEST else now


def text_of(told: OwnWords) -> str | None:
    """The whole text; None = there is none."""
    pieces = [str(text) for _number, text in _pieces(told)]
    theirs = _theirs(told)
    if not pieces:
        return "\n".join(theirs) or None
    written = pieces[0] + "".join(f"{_between(before)}{piece}" for before, piece in pairwise(pieces))
    return "\n".join((written, *theirs))


def masked(told: Mapping[str, Any], *, knows: Knows) -> tuple[dict[str, Any], set[NumberSort]]:
    """The words without long numbers, also such that were written in several messages, and what those looked like.

    The numbers of `theirs` stay.
    """
    pieces = _pieces(told)
    whole, places = "", list[tuple[int, int]]()
    for place, (_number, text) in enumerate(pieces):
        if place:
            whole += _between(str(pieces[place - 1][1]))
        places.append((len(whole), len(whole) + len(str(text))))
        whole += str(text)
    numbers = long_numbers(whole, knows=knows)
    if not numbers:
        return dict(told), set()
    now = [
        [number, _cut(whole, start=start, end=end, numbers=numbers)]
        for (number, _text), (start, end) in zip(pieces, places, strict=True)
    ]
    rest = {name: value for name, value in told.items() if name not in ("pieces", "text")}
    return {"pieces": [piece for piece in now if piece[1]], **rest}, {number.sort for number in numbers}


def with_theirs(told: Mapping[str, Any], number: str) -> dict[str, Any]:
    """The words, with the number of somebody else that is kept with them."""
    return {**told, "theirs": [*(each for each in _theirs(told) if each != number), number]}


def voice_of(told: OwnWords) -> Voice | None:
    """The voice note, if there is one."""
    return Voice(told["voice"], told.get("seconds")) if told and told.get("voice") else None


def may_go_on(told: OwnWords) -> bool:
    """Whether the last piece is so long that the next text probably continues it."""
    pieces = _pieces(told)
    return bool(pieces) and _units(str(pieces[-1][1])) >= MAY_BE_CUT


def found_in(draft: Any) -> dict[str, Any]:
    """All own words in a stored draft of any shape; empty = none."""
    pieces: list[list[Any]] = []
    now: dict[str, Any] = {}
    for told in _tellings(draft):
        pieces += [piece for piece in _pieces(told) if piece not in pieces]  # the same words may be in two fields
        if told.get("voice"):
            now |= {"voice": told["voice"], "seconds": told.get("seconds")}
        if _theirs(told):
            now["theirs"] = list(dict.fromkeys((*now.get("theirs", ()), *_theirs(told))))
    return {"pieces": pieces, **now} if pieces else now


def with_unsent(question: Question, words: dict[str, Any], *, told: OwnWords, here: Step[Any]) -> Question:
    """A question for own words that offers unsent ones.

    `told` is what the draft holds already; `here` is the step that asks and to which additions lead back.
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
    """The person's words as shown before sending: whole, or the beginning and the end; None = nothing."""
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
        if is_telling(stored):
            yield stored
        else:
            for value in stored.values():
                yield from _tellings(value)


def is_telling(value: Any) -> bool:
    """Whether the value of a draft is own words."""
    if not isinstance(value, Mapping):
        return False
    pieces = value.get("pieces")
    return isinstance(pieces, list) or isinstance(value.get("text"), str) or isinstance(value.get("voice"), str)


def _between(piece: str) -> str:
    """The separator before the next piece: a line break, or a space where the messenger split the text."""
    length = _units(piece)
    return "" if length >= CUT_ANYWHERE else " " if length >= MAY_BE_CUT else "\n"


def _pieces(told: OwnWords) -> list[list[Any]]:
    if not told:
        return []
    if "text" in told:
        return [[0, told["text"]]]
    return [list(piece) for piece in told.get("pieces", ())]


def _theirs(told: OwnWords) -> list[str]:
    return [str(number) for number in told.get("theirs", ())] if told else []


def _cut(whole: str, *, start: int, end: int, numbers: Iterable[LongNumber]) -> str:
    """One piece without its long numbers; the mask stands where a number begins."""
    kept, at = "", start
    for number in numbers:
        if number.end <= start or number.start >= end:
            continue
        kept += whole[at : max(number.start, at)] + (MASK if number.start >= start else "")
        at = min(number.end, end)
    return (kept + whole[at:end]).strip()


def _number(heard: Heard) -> int:
    """Message numbers of a chat rise, even where messages arrive in another order; without a number the order of
    arrival counts."""
    number = heard.message_id or ""
    return int(number) if number.isascii() and number.isdecimal() else 0


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
