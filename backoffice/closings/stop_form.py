"""The form of a line that is stopped: why, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wtforms import Form

from backoffice.closings.forms import REASONS
from backoffice.forms.choices import Pick
from backoffice.forms.fields import field_named
from backoffice.forms.numbers import TimeOfDay
from desk.language.text import Text, words

_ = words("closing")
_reason = words("closing reason")

STOPS: Final[Mapping[str, Text]] = {
    "network": REASONS["network"],
    "card": _reason("The card reader of the office does not work."),
    "power": REASONS["power"],
    "building": REASONS["building"],
}
"""What people are told, by the key in the form."""


class StopForm(Form):
    """Why nobody can be served, and until when."""

    reason = Pick(_("Why? The people read this."), options=list(STOPS.items()))
    until = TimeOfDay(
        _("Until when today"),
        required=False,
        hint=_("Empty = for the rest of the day: who is in the line gets the first free time of another day."),
    )

    def is_whole(self, *, minute: int) -> bool:
        """Whether it can be done; else its fields have the reasons."""
        self.validate()
        if self.until.data is not None and self.until.data <= minute:
            field_named(self, "until").add_error(_("This time is over already."))
        return not self.errors
