"""The place of signs in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (Part("/signs", icon="eye", label=_("Signs"), permission=Permission.SIGNS_REVIEW, place=65),)
