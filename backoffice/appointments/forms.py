"""The form for the day to come back."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.numbers import Day
from desk.language.text import words

_ = words("today")


class BackForm(Form):
    """The form for «come back», which always needs a day."""

    come_back_on = Day(_("Comes back on"))
