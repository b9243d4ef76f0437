"""The words and the button for what is not announced of a service, and for being told when it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.questions import Go, Option
from desk.announcements.rules import Announceable
from desk.language.text import Text, words

_ = words("services")

SEE_IT: Final = _("💰 See its page")
DO_NOT: Final = _("Do not tell me")
TELL_ME: Final = _("🔔 Tell me")
WAITS: Final = _("🔔 When it is announced, we tell you here")

_NAMES: Final[Mapping[Announceable, Text]] = {
    Announceable.FEE: _("the fee"),
    Announceable.PAPERS: _("the papers"),
    Announceable.STEPS: _("the steps"),
    Announceable.DURATION: _("the duration"),
    Announceable.OBJECTION: _("where to object"),
    Announceable.OFFICE: _("an office that gives turns"),
}


def named(unknown: Announceable) -> Text:
    """What is not announced, as it stands in a series."""
    return _NAMES[unknown]


def option(service_id: int, *, waits: bool) -> Option:
    """The button on the page of a service that asks to be told, or takes that back."""
    if waits:
        return Option("untell", DO_NOT, then=Go("tell_me", f"off.{service_id}"))
    return Option("tell", TELL_ME, then=Go("tell_me", str(service_id)))
