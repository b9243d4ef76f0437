"""The words about transfers between chats: messages, refusals, and what the history says."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Events, EventWords, Fields, Messages, Refusals
from desk.language.text import words
from desk.transfers.refusals import NoChatThere
from desk.transfers.rules import TransferNotice

_ = words("wording")
_message = words("undelivered")
_history = words("history")

REFUSALS: Final[Refusals] = {
    NoChatThere: _("This turn belongs to no chat: it was booked at the counter, or erased."),
}

MESSAGES: Final[Messages] = {
    TransferNotice.AWAY: _message("Turns went over to another chat"),
    TransferNotice.BACK: _message("Turns went back to the earlier chat"),
    TransferNotice.CASES: _message("Complaints came over from another chat"),
}

EVENTS: Final[Events] = {
    "transfer.code": EventWords(
        _history("Another phone: code given"),
        lambda who, what: _history("{who} gave a code for another phone: {what}.", who=who, what=what),
    ),
    "transfer.made": EventWords(
        _history("Another phone: gone over"),
        lambda who, what: _history("{who} brought the turn {what} into another chat.", who=who, what=what),
    ),
    "transfer.undone": EventWords(
        _history("Another phone: stopped"),
        lambda who, what: _history("{who} took the turn {what} back from another chat.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "shown_by": _history("How it was shown"),
}
