"""The place of the draws in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (Part("/draws", icon="ticket", label=_("Draws"), permission=Permission.CAPACITY_READ, place=35),)
