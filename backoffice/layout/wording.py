"""The notices that any form may show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.language.text import Text, words

_ = words("wording")

NOTICES: Final[Mapping[str, Text]] = {
    "saved": _("Saved."),
    "deleted": _("Deleted."),
    "sent_already": _("The form was sent twice; it was done once."),
    "recorded": _("Recorded."),
    "undone": _("Undone."),
}
