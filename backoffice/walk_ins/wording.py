"""The words of walk-ins: refusals, notices, and what the history says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, EventWords, Messages, Refusals
from desk.language.text import Text, words
from desk.values import LocalMoment
from desk.walk_ins.refusals import HasNoSlip, NoNumberLeft, NotTied, NumberLeft, TooManyWalkIns
from desk.walk_ins.rules import WalkInEvent, WalkInNotice

_ = words("walk-ins")
_message = words("undelivered")
_history = words("history")

REFUSALS: Final[Refusals] = {
    NoNumberLeft: _("The last number for today has just been given. Below are the next free times."),
    NumberLeft: _("A number for today is left after all. Press once more to give it."),
    TooManyWalkIns: lambda refusal: _(
        "From your account {n} people were registered at the door within the hour. More can be from {when} on.",
        n=refusal.most,
        when=LocalMoment(refusal.until),
    ),
    HasNoSlip: _("A slip is printed only for a turn that holds and is in no chat."),
    NotTied: _("This turn is in no chat any more."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "walk_in_number": _("The person has a number for today. Print the slip, or write the code down."),
    "walk_in_day": _("The person has a turn on a coming day. Print the slip, or write the code down."),
    "walk_in_untied": _("The turn is out of that chat, which is told. Print a new slip for the person."),
}

MESSAGES: Final[Messages] = {WalkInNotice.UNTIED: _message("A turn of a slip was taken out of the chat")}

EVENTS: Final[Events] = {
    WalkInEvent.NUMBER: EventWords(
        _history("Walk-in: number for today"),
        lambda who, what: _history("{who} registered {what} at the door, for the same day.", who=who, what=what),
    ),
    WalkInEvent.DAY: EventWords(
        _history("Walk-in: coming day"),
        lambda who, what: _history("{who} registered {what} at the door, for a coming day.", who=who, what=what),
    ),
    WalkInEvent.SLIP: EventWords(
        _history("Walk-in: slip printed"),
        lambda who, what: _history("{who} printed a slip for the turn {what}.", who=who, what=what),
    ),
    WalkInEvent.TIED: EventWords(
        _history("Walk-in: in a chat by its slip"),
        lambda who, what: _history("{who} took the turn {what} into a chat by its slip.", who=who, what=what),
    ),
    WalkInEvent.UNTIED: EventWords(
        _history("Walk-in: out of the chat again"),
        lambda who, what: _history("{who} took the turn {what} out of the chat again.", who=who, what=what),
    ),
}
