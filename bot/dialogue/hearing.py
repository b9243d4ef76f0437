"""Understanding what was written, said or shared as an answer to the question that stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.dialogue import phrases
from bot.dialogue.asks import Ask, Option, Reading, Taken, Unclear
from bot.dialogue.commands import Command, Commands
from bot.dialogue.heard import Heard, Kind
from bot.dialogue.matching import by_number, by_words
from desk.language.text import Param


@dataclass(frozen=True, slots=True)
class Missed:
    """Not an answer; the note says kindly what would be one. `counts` = a person may need a human soon."""

    notes: tuple[Param, ...]
    counts: bool = True
    is_picture: bool = False


Understood = Option | Taken | Command | Missed


def understand(
    ask: Ask, heard: Heard, *, visible: Sequence[Option], commands: Commands, plain: Callable[[Param], str]
) -> Understood:
    """What `heard` (no pressed button) means as an answer to `ask`, whose options on the screen are `visible`."""
    match heard.kind:
        case Kind.TEXT:
            return _typed(ask, heard.text, visible=visible, commands=commands, plain=plain)
        case Kind.LOCATION if heard.point is not None and ask.places is not None:
            return _read(ask, ask.places(heard.point))
        case Kind.VOICE if heard.voice is not None and ask.voices is not None:
            return _read(ask, ask.voices(heard.voice))
        case Kind.CONTACT if heard.contact is not None and ask.contacts is not None:
            return _read(ask, ask.contacts(heard.contact))
        case Kind.PICTURE:
            return Missed((phrases.PICTURE_REFUSED, phrases.PICTURE_RIGHT), counts=False, is_picture=True)
        case Kind.EDITED:
            return Missed((phrases.EDITED,), counts=False)
        case Kind.VOICE:
            return Missed((phrases.VOICE_NOT_HERE,))
        case Kind.LOCATION:
            return Missed((phrases.PLACE_NOT_HERE,))
        case Kind.CONTACT:
            return Missed((phrases.CONTACT_NOT_HERE,))
        case _:
            return Missed((phrases.OTHER_NOT_HERE,))


def _typed(
    ask: Ask, typed: str, *, visible: Sequence[Option], commands: Commands, plain: Callable[[Param], str]
) -> Understood:
    command = commands.find(typed)
    if command is not None:
        return command
    option = by_words(typed, ask.options, lambda option: option.label, plain)
    if option is None and not ask.reads_first:
        option = by_number(typed, visible)
    if option is not None:
        return option
    reading = ask.reads(typed) if ask.reads is not None else None
    if reading is None and ask.reads_first:
        option = by_number(typed, visible)
        if option is not None:
            return option
    return _read(ask, reading)


def _read(ask: Ask, reading: Reading) -> Understood:
    if isinstance(reading, Taken):
        return reading
    if isinstance(reading, Unclear):
        return Missed((reading.hint,))
    return Missed((ask.hint or (phrases.NOT_UNDERSTOOD if ask.options else phrases.NOT_UNDERSTOOD_WRITE),))
