"""The place of the staff in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (Part("/staff", icon="users", label=_("Staff"), permission=Permission.STAFF_READ, place=60),)
