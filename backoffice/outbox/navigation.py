"""The place of undelivered messages in the main navigation."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Part
from desk.acting import Permission
from desk.language.text import words

_ = words("frame")

PARTS: Final = (
    Part("/undelivered", icon="send", label=_("Undelivered"), permission=Permission.MESSAGES_READ, place=80),
)
