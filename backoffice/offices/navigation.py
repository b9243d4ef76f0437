"""The place of the offices in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (Part("/offices", icon="building", label=_("Offices"), permission=Permission.OFFICES_READ, place=50),)
