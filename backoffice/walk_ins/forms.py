"""The form that registers somebody at the door."""

from __future__ import annotations

from backoffice.appointments.forms import PersonForm, WrittenName
from backoffice.forms.choices import Pick
from desk.language.text import words
from desk.people.rules import NAME_LENGTH

_ = words("walk-ins")
_today = words("today")


class WalkInForm(PersonForm):
    """Name or initials, paper and number; and the time, where no number for today is left."""

    name = WrittenName(
        _("Name or initials"),
        longest=NAME_LENGTH,
        hint=_("Without a paper the whole name: two people may share initials."),
    )
    time = Pick(_today("Time"), required=False, depends=True, empty=_today("Please choose"))
