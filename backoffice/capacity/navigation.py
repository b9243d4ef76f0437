"""The place of the hours and days of an office in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part(
        "/capacity",
        icon="calendar-time",
        label=_("Capacity"),
        permission=Permission.CAPACITY_READ,
        place=30,
        is_of_one_office=True,
    ),
)
