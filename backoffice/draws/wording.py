"""The words of draws: their states, refusals, messages and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.draws.past import said_days, said_nothing, said_setting
from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Messages, Refusals
from desk.draws.refusals import DrawUnusable, HashMissing, NoDrawAnnounced, NotInThatState, SamePerson
from desk.draws.rules import DrawFieldFault, DrawNotice, DrawState
from desk.language.text import Text, words

_ = words("draws")
_message = words("undelivered")
_history = words("history")

DRAW_STATES: Final[dict[DrawState, Badge]] = {
    DrawState.DRAFT: Badge(_("Being prepared"), "pencil", "calm"),
    DrawState.OPEN: Badge(_("Announced"), "speakerphone", "busy"),
    DrawState.FROZEN: Badge(_("List closed"), "lock", "busy"),
    DrawState.DRAWN: Badge(_("Drawn, being confirmed"), "hourglass", "busy"),
    DrawState.OVER: Badge(_("Over"), "circle-check", "good"),
    DrawState.NOT_HELD: Badge(_("Not held"), "x", "warn"),
}

FAULTS: Final[dict[DrawFieldFault, Text]] = {
    DrawFieldFault.DAYS: _("The days are past, out of order, or more than fourteen."),
    DrawFieldFault.OVERLAP: _("One of these days has a draw already, or is open."),
    DrawFieldFault.CLOSES: _("Leave six hours to ask, and close the list before the hour of the draw."),
    DrawFieldFault.HOUR: _("The hour lies between 7:00 and 21:00."),
    DrawFieldFault.AHEAD: _("So few days ahead leave no time to confirm."),
    DrawFieldFault.CONFIRM: _("The time to confirm is an hour at least, and shorter than the days ahead."),
    DrawFieldFault.SHARE: _("The share lies between 0 and 100 percent."),
    DrawFieldFault.FIGURE: _("Say which public figure it is, and of which day."),
    DrawFieldFault.DIGITS: _("The figure has not as many digits as were announced."),
    DrawFieldFault.REASON: _("Write the reason in a sentence."),
    DrawFieldFault.WORD: _("This is not the word whose hash was announced."),
    DrawFieldFault.HASH: _("A hash has 64 letters from 0 to f."),
}


def _unusable(refusal: DrawUnusable) -> Text:
    return FAULTS[refusal.why]


REFUSALS: Final[Refusals] = {
    DrawUnusable: _unusable,
    NotInThatState: _("The draw is too far for this, or not far enough."),
    HashMissing: _("The second office-holder has not committed to a word yet."),
    SamePerson: _("A second person has to do this."),
    NoDrawAnnounced: _("Announce a draw first: from its first day on the places are drawn."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "word_committed": _("The word is committed. Keep it, and tell nobody."),
    "draw_called_off": _("The draw is called off. Who takes part is told."),
    "draw_announced": _("The draw is announced. People take part from now on."),
    "figure_typed": _("The figure is kept."),
    "word_revealed": _("The word is revealed."),
}

MESSAGES: Final[Messages] = {
    DrawNotice.NOT_LISTED: _message("A request was not in the list of a draw"),
    DrawNotice.NOT_DRAWN: _message("Somebody was not drawn"),
    DrawNotice.TAKEN_AWAY: _message("The office took a drawn place away"),
    DrawNotice.NOT_HELD: _message("A draw was not held"),
}


EVENTS: Final[Events] = {
    "draw_setting.changed": EventWords(
        _history("Draw: setting"),
        lambda who, what: _history("{who} set how places are given.", who=who),
        said_setting,
    ),
    "draw.prepared": EventWords(
        _history("Draw: prepared"),
        lambda who, what: _history("{who} prepared a draw: {what}.", who=who, what=what),
        said_days,
    ),
    "draw.word_committed": EventWords(
        _history("Draw: word committed"),
        lambda who, what: _history("{who} committed to a word by its hash: {what}.", who=who, what=what),
    ),
    "draw.announced": EventWords(
        _history("Draw: announced"), lambda who, what: _history("{who} announced a draw: {what}.", who=who, what=what)
    ),
    "draw.frozen": EventWords(
        _history("Draw: list closed"),
        lambda who, what: _history("{who} closed the list of a draw: {what}.", who=who, what=what),
    ),
    "draw.figure_typed": EventWords(
        _history("Draw: figure typed"),
        lambda who, what: _history("{who} typed the public figure: {what}.", who=who, what=what),
        said_nothing,
    ),
    "draw.word_revealed": EventWords(
        _history("Draw: word revealed"),
        lambda who, what: _history("{who} revealed the word: {what}.", who=who, what=what),
    ),
    "draw.seed_read": EventWords(
        _history("Draw: seed read before its hour"),
        lambda who, what: _history("{who} read the seed before the hour: {what}.", who=who, what=what),
    ),
    "draw.drawn": EventWords(
        _history("Draw: drawn"), lambda who, what: _history("{who} drew: {what}.", who=who, what=what)
    ),
    "draw.over": EventWords(
        _history("Draw: over"), lambda who, what: _history("{who} ended a draw: {what}.", who=who, what=what)
    ),
    "draw.not_held": EventWords(
        _history("Draw: not held"),
        lambda who, what: _history("{who} did not hold a draw: {what}.", who=who, what=what),
    ),
}
