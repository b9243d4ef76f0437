"""The form by which the manager writes down who kept order."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.choices import Pick
from backoffice.forms.numbers import Day, TimeOfDay
from desk.language.text import words
from desk.reading.days import Prefer

_ = words("marshals")


class ShiftForm(Form):
    """Who, on which day, from when until when."""

    who = Pick(_("Who kept order"), options=[], empty=_("Please choose"))
    day = Day(_("On the day"), prefer=Prefer.PAST)
    begins = TimeOfDay(_("From"))
    ends = TimeOfDay(_("Until"))
