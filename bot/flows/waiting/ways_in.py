"""The ways into a standing request: from a service and an office that were looked at, or from an appointment."""

from __future__ import annotations

from datetime import date
from typing import Final

from bot.dialogue.questions import Go, Option
from desk.language.text import words
from desk.values import LocalDay

_ = words("wait")

TELL_ME: Final = _("🔔 Tell me of a time")
"""The button that leads to it, wherever it stands."""
WAITING_LIST: Final = _("⏳ Waiting list")
WE_WRITE: Final = _("You need not look again: press «🔔 Tell me of a time», and we write to you.")


LIKE_LAST_TIME: Final = Go("wait", "again")
"""Where nothing was looked at: what was booked last is suggested."""


def at(service_id: int, office_id: int, *, known: int = 0, but: date | None = None) -> Go:
    """`known` = the person's place in the list of the chat, where one was chosen.

    `but` = the day of the one time that was shown and does not suit: its day of the week is left out of the wish.
    """
    left_out = "" if but is None else f".{LocalDay(but).weekday}"
    return Go("wait", f"at.{service_id}.{office_id}.{known}{left_out}")


def instead_of(appointment_id: int) -> Go:
    """Where the time of an appointment does not suit: it stays until another is taken."""
    return Go("wait", f"turn.{appointment_id}")


def anew(request_id: int) -> Go:
    """With the wishes of a request that is over."""
    return Go("wait", f"anew.{request_id}")


def option(go: Go) -> Option:
    return Option("wait", TELL_ME, then=go)
