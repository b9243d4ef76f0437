"""The place of the inbox in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (Part("/inbox", icon="inbox", label=_("Inbox"), permission=Permission.CASES_READ, place=20),)
