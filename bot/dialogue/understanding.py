"""Interprets what was written, spoken or shared as an answer to the present question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.dialogue import phrases
from bot.dialogue.commands import Command, Commands
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.matching import by_label, by_meaning, by_number, by_words, says
from bot.dialogue.questions import Go, Option, Question, Reading, Taken, TakesWords, Unclear
from bot.dialogue.screens import Link, OptionsPage
from bot.dialogue.slashes import behind_slash
from desk.language.text import Param


@dataclass(frozen=True, slots=True)
class Missed:
    """Not an answer; the note says what would be one. `counts` = it counts toward offering a human's help."""

    notes: tuple[Param, ...]
    counts: bool = True
    is_picture: bool = False
    is_half_read: bool = False
    """The reader of the question said what of it cannot be."""


@dataclass(frozen=True, slots=True)
class MorePlease:
    """The next page of the options."""


@dataclass(frozen=True, slots=True)
class InOwnWords:
    """The person's own words, which the question asked for."""

    into: TakesWords


Plain = Callable[[Param], str]
Understood = Option | Taken | Command | Go | MorePlease | InOwnWords | Missed


def understand(
    ask: Question, heard: Heard, *, page: OptionsPage, links: Sequence[Link], commands: Commands, plain: Plain
) -> Understood:
    """What `heard` (not a press) means as an answer to `ask`, with its present page and links."""
    match heard.kind:
        case HeardKind.TEXT:
            return _text(ask, heard.text, page=page, links=links, commands=commands, plain=plain)
        case HeardKind.LOCATION if heard.point is not None and ask.places is not None:
            return _read(ask, ask.places(heard.point))
        case HeardKind.VOICE if heard.voice is not None and ask.takes is not None:
            return InOwnWords(ask.takes)
        case HeardKind.VOICE if heard.voice is not None and ask.voices is not None:
            return _read(ask, ask.voices(heard.voice))
        case HeardKind.CONTACT if heard.contact is not None and ask.contacts is not None:
            return _read(ask, ask.contacts(heard.contact))
        case HeardKind.PICTURE:
            return Missed((phrases.PICTURE_REFUSED, phrases.PICTURE_RIGHT), counts=False, is_picture=True)
        case HeardKind.EDITED:
            return Missed((phrases.EDITED,), counts=False)
        case HeardKind.VOICE:
            return Missed((phrases.VOICE_NOT_HERE,))
        case HeardKind.LOCATION:
            return Missed((phrases.PLACE_NOT_HERE,))
        case HeardKind.CONTACT:
            return Missed((phrases.CONTACT_NOT_HERE,))
        case _ if ask.takes is not None or ask.voices is not None or ask.about or ask.has_voice_for_desk:
            return Missed((phrases.OTHER_BUT_VOICE,))
        case _:
            return Missed((phrases.OTHER_NOT_HERE,))


def _text(
    ask: Question, typed: str, *, page: OptionsPage, links: Sequence[Link], commands: Commands, plain: Plain
) -> Understood:
    command = commands.find(typed)
    if command is Command.CANCEL and behind_slash(typed) is None:
        # Where a button has this label, it answers the question: a person who writes «cancel» below «Shall we cancel
        # this appointment?» and then sees the main page would believe that it is cancelled.
        return by_words(typed, ask.options, lambda option: option.label, plain) or command
    if command is not None:
        return command
    if behind_slash(typed) is not None:  # an unknown command is never an answer
        return Missed((phrases.NO_SUCH_COMMAND,))
    pressed = _label(ask, typed, page=page, links=links, plain=plain)
    if pressed is not None:
        return pressed
    said = by_meaning(commands.meaning(typed), ask.options)  # before own words, which would take it as text
    return said if said is not None else _typed(ask, typed, visible=page.options, plain=plain)


def _label(
    ask: Question, typed: str, *, page: OptionsPage, links: Sequence[Link], plain: Plain
) -> Option | MorePlease | Go | Missed | None:
    """The button with this label: a reply keyboard sends only labels, and anybody may type them.

    It is tried before the step's own reading, which might take the words for an office's name. The present page comes
    before other pages.
    """
    option = by_label(typed, (*page.options, *ask.options, *ask.unshown), lambda option: option.label, plain)
    if option is not None:
        return option
    link = by_label(typed, links, lambda link: link[0], plain)
    if link is not None:
        return link[1]
    if page.is_part and says(typed, phrases.MORE, plain):
        return MorePlease()
    if ask.asks_location is not None and says(typed, ask.asks_location, plain):
        return Missed((phrases.NOT_UNDERSTOOD,))  # the messenger could not send the location and sent the label instead
    return None


def _typed(ask: Question, typed: str, *, visible: Sequence[Option], plain: Plain) -> Understood:
    option = by_words(typed, (*ask.options, *ask.unshown), lambda option: option.label, plain)
    if option is None and not ask.reads_first:
        option = by_number(typed, visible)
    if option is not None:
        return option
    if ask.takes is not None and typed.strip():
        return InOwnWords(ask.takes)
    reading = ask.reads(typed) if ask.reads is not None else None
    if reading is None and ask.reads_first:
        option = by_number(typed, visible)
        if option is not None:
            return option
    return _read(ask, reading)


def _read(ask: Question, reading: Reading) -> Understood:
    if isinstance(reading, Taken):
        return reading
    if isinstance(reading, Unclear):
        return Missed((reading.hint,), is_half_read=reading.hint != ask.hint)
    return Missed((ask.hint or (phrases.NOT_UNDERSTOOD if ask.options else phrases.NOT_UNDERSTOOD_WRITE),))
