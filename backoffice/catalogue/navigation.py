"""The place of the catalogue in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part("/catalogue", icon="list-details", label=_("Catalogue"), permission=Permission.CATALOGUE_READ, place=40),
)
