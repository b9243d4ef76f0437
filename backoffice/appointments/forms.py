"""The day somebody should come back."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.numbers import Day
from desk.language.text import words

_ = words("today")


class BackForm(Form):
    """«Come back» always has its day."""

    come_back_on = Day(_("Comes back on"))
