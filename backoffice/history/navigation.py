"""The place of the history in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (Part("/history", icon="history", label=_("History"), permission=Permission.HISTORY_READ, place=90),)
