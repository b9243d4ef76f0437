"""The place of the board in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part(
        "/board",
        icon="users-group",
        label=_("Board"),
        permission=Permission.APPOINTMENTS_RECORD,
        place=12,
        is_of_one_office=True,
    ),
)
