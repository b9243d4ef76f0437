"""The place of the waiting list in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part(
        "/waiting",
        icon="hourglass",
        label=_("Waiting list"),
        permission=Permission.APPOINTMENTS_READ,
        place=15,
        is_of_one_office=True,
    ),
)
