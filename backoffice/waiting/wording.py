"""The words of standing requests: their states, the wishes they hold, and their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Fields, Labels, Messages, Refusals
from desk.language.text import Text, words
from desk.waiting.offer_rules import FreedOutcome, NoOffer
from desk.waiting.refusals import NotLive
from desk.waiting.rules import ClassReason, OfferState, RequestState, WaitingNotice

_ = words("waiting list")
_message = words("undelivered")
_history = words("history")

REQUEST_STATES: Final[dict[RequestState, Badge]] = {
    RequestState.WAITING: Badge(_("Waits for a turn"), "hourglass", "busy"),
    RequestState.PAUSED: Badge(_("Paused"), "player-pause", "calm"),
    RequestState.ENDED: Badge(_("Waits no longer"), "x", "calm"),
    RequestState.FULFILLED: Badge(_("Got a turn"), "circle-check", "good"),
    RequestState.LAPSED: Badge(_("The last day is over"), "clock", "warn"),
}

CLASS_REASONS: Final = {
    ClassReason.SEEN: _("Staff saw the person"),
    ClassReason.PAPER: _("A paper was shown"),
    ClassReason.SAID: _("The person said so"),
}

OUTCOMES: Final[Mapping[FreedOutcome, Badge]] = {
    FreedOutcome.OFFERED: Badge(_("Offered to who waits"), "send", "good"),
    FreedOutcome.NOBODY: Badge(_("Suits nobody who waits: everybody sees it"), "users", "calm"),
    FreedOutcome.NOT_BOOKABLE: Badge(_("Could not be offered: closed, too near or not open yet"), "ban", "warn"),
}

QUOTA_USED_UP: Final = Badge(_("Could not be offered: nobody more is taken that day for the service"), "ban", "warn")

BECAME: Final[Mapping[OfferState, Callable[[int], Text]]] = {
    OfferState.SENT: lambda n: _("{n} can still answer.", n=n),
    OfferState.ACCEPTED: lambda n: _("{n} took it.", n=n),
    OfferState.DECLINED: lambda n: _("{n} did not want it.", n=n),
    OfferState.LAPSED: lambda n: _("{n} did not answer in time.", n=n),
    OfferState.TOO_LATE: lambda n: _("{n} were slower than somebody else, and keep their place.", n=n),
    OfferState.WITHDRAWN: lambda n: _("From {n} it was taken back: it did not arrive, or the time was closed.", n=n),
}
"""What became of offers, with their number."""

WHY_NOT: Final[Mapping[NoOffer, Callable[[int], Text]]] = {
    NoOffer.DAYS: lambda n: _("Not offered to {n}: the day lies outside of what they wish.", n=n),
    NoOffer.WEEKDAY: lambda n: _("Not offered to {n}: they wish other days of the week.", n=n),
    NoOffer.PART: lambda n: _("Not offered to {n}: they wish another time of day.", n=n),
    NoOffer.HAS_OFFER: lambda n: _("Not offered to {n}: they have another offer.", n=n),
    NoOffer.UNREACHABLE: lambda n: _("Not offered to {n}: no message reaches their chat.", n=n),
    NoOffer.HOUSEHOLD: lambda n: _("Not offered to {n}: they are more people than there are places.", n=n),
    NoOffer.QUOTA: lambda n: _("Not offered to {n}: so many more are not taken that day for their service.", n=n),
    NoOffer.LATER: lambda n: _("Not offered to {n}: others are before them, or they had this offer before.", n=n),
}
"""Why others were not offered a time, with their number."""


def offered_before(n: int) -> Text:
    """Of a time that was offered to nobody: those whom it fits were offered it before, or hold it."""
    return _("Not offered to {n}: they had this offer before, or have a time.", n=n)


REFUSALS: Final[Refusals] = {NotLive: _("This request waits no more.")}

NOTICES: Final[Mapping[str, Text]] = {
    "class_given": _("It is saved. The person is told that their place on the waiting list changed."),
}

MESSAGES: Final[Messages] = {
    WaitingNotice.OFFER: _message("A free time was offered"),
    WaitingNotice.OFFER_TAKEN: _message("An offered time went to somebody else"),
    WaitingNotice.OFFER_LAPSED: _message("An offer got no answer"),
    WaitingNotice.OFFER_GONE: _message("An offered time was closed"),
    WaitingNotice.REQUEST_PAUSED: _message("The waiting for a turn is paused"),
    WaitingNotice.GO_ON: _message("Does the person wait on?"),
    WaitingNotice.REQUEST_LAPSED: _message("The waiting for a turn is over"),
    WaitingNotice.PLACE_CHANGED: _message("The place on the waiting list changed"),
}

EVENTS: Final[Events] = {
    "standing_request.asked": EventWords(
        _history("Waiting for a turn: began"),
        lambda who, what: _history("{who} began to wait: {what}.", who=who, what=what),
    ),
    "standing_request.changed": EventWords(
        _history("Waiting for a turn: other wishes"),
        lambda who, what: _history("{who} changed what is wished: {what}.", who=who, what=what),
    ),
    "standing_request.paused": EventWords(
        _history("Waiting for a turn: paused"),
        lambda who, what: _history("{who} paused the waiting: {what}.", who=who, what=what),
    ),
    "standing_request.resumed": EventWords(
        _history("Waiting for a turn: goes on"),
        lambda who, what: _history("{who} let the waiting go on: {what}.", who=who, what=what),
    ),
    "standing_request.over": EventWords(
        _history("Waiting for a turn: over"),
        lambda who, what: _history("{who} ended the waiting: {what}.", who=who, what=what),
    ),
    "standing_request.class_given": EventWords(
        _history("Waiting for a turn: priority"),
        lambda who, what: _history("{who} set the priority of the waiting: {what}.", who=who, what=what),
    ),
    "priority_class.saved": EventWords(
        _history("Priority class: saved"),
        lambda who, what: _history("{who} saved the priority class {what}.", who=who, what=what),
    ),
    "priority_class.given": EventWords(
        _history("Priority class: given"),
        lambda who, what: _history("{who} gave the priority class {what} to somebody who waits.", who=who, what=what),
    ),
    "priority_class.taken": EventWords(
        _history("Priority class: taken back"),
        lambda who, what: _history("{who} took the priority class {what} back.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "days": _history("Days of waiting that count more"),
    "people": _history("People"),
    "weekdays": _history("Weekdays"),
    "parts": _history("Parts of the day"),
    "from_day": _history("From the day"),
    "until_day": _history("Until the day"),
    "offices": _history("Offices"),
    "provinces": _history("Provinces"),
}

LABELS: Final[Labels] = {
    ("standing_request", "state"): REQUEST_STATES,
    ("priority_class", "reason"): CLASS_REASONS,
}
