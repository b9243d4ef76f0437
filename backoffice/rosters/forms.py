"""The forms of a roster and of what is asked of marshals."""

from __future__ import annotations

from backoffice.forms.choices import Several
from backoffice.forms.fields import Paragraph
from backoffice.forms.versions import EditForm
from desk.language.text import words
from desk.rosters.rules import LONGEST_CONDITIONS

_ = words("rosters")


class RosterForm(EditForm):
    """Who is off duty in the week; each option is somebody on a day."""

    off = Several(_("Not on duty"), required=False)


class ConditionsForm(EditForm):
    """What an area asks of the marshals of its offices."""

    conditions = Paragraph(
        _("Whom the office may choose as marshal"),
        required=False,
        longest=LONGEST_CONDITIONS,
        rows=3,
        hint=_("Empty: offices read that it is not announced."),
    )
