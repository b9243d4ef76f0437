"""The place of the overview in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part("/overview", icon="layout-dashboard", label=_("Overview"), permission=Permission.MESSAGES_READ, place=70),
)
