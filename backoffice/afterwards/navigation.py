"""The place of the answers after visits in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part("/after-visits", icon="message", label=_("After visits"), permission=Permission.CAPACITY_WRITE, place=38),
)
