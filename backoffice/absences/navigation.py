"""The place of outcomes in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part("/outcomes", icon="clipboard-check", label=_("Outcomes"), permission=Permission.CAPACITY_WRITE, place=55),
)
