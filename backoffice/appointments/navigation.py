"""The place of the day's list in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part(
        "/today",
        icon="calendar-event",
        label=_("Today"),
        permission=Permission.APPOINTMENTS_READ,
        place=10,
        is_of_one_office=True,
    ),
)
