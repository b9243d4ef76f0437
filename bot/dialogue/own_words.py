"""What somebody tells in their own words: pieces of text and a voice note, kept together in the order they were sent.

A messenger cuts a long text into several messages, and many people write one thing in several. In a draft it is plain
JSON: `{"pieces": [[number of the message, text], …], "voice": …, "seconds": …}`; the sound itself stays with the
messenger. `{"text": …}` is the shape that earlier versions stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from itertools import pairwise
from typing import Any

from bot.dialogue.heard import Heard, Voice

OwnWords = Mapping[str, Any] | None

LONGEST = 8000
"""Letters of one complaint, question or addition; what is longer goes into the next."""
MAY_BE_CUT = 3000
"""Units of UTF-16 from which on the messenger may have cut a text here: it allows 4,096 and looks for a gap before."""
CUT_ANYWHERE = 4096
"""So long is only a text that was cut in the middle of a word."""


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
