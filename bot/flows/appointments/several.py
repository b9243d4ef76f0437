"""The way into booking a household, from a service and an office that were looked at."""

from __future__ import annotations

from typing import Final

from bot.dialogue.questions import Go, Option
from desk.language.text import words

_ = words("household")

SEVERAL: Final = _("👤 For several people")
"""The button that leads to it."""


def option(service_id: int, office_id: int) -> Option:
    return Option("several", SEVERAL, then=Go("household", f"at.{service_id}.{office_id}"))


def of_so_many(service_id: int, office_id: int, people: int) -> Go:
    """The way into it for so many people, as somebody wrote; `office_id` 0 = it is asked."""
    return Go("household", f"at.{service_id}.{office_id}.{people}")
