"""The forms of the day's list: the day to come back, and the reason to see another day."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.fields import TextLine
from backoffice.forms.numbers import Day
from desk.language.text import words
from desk.visits.rules import LONGEST_REASON

_ = words("today")


class BackForm(Form):
    """The form for «come back», which always needs a day."""

    come_back_on = Day(_("Comes back on"))


class ReasonForm(Form):
    """Why somebody needs the names of a day outside their own days."""

    reason = TextLine(
        _("Why do you need the names of this day?"),
        longest=LONGEST_REASON,
        hint=_("It is written down with your name. Write no name and no number of anybody."),
    )


class NumberForm(Form):
    """The number of the original paper; it never comes back into the field."""

    number = TextLine(
        _("Number on the original paper"),
        longest=40,
        hint=_("It is compared and not kept."),
        is_ltr=True,
    )
