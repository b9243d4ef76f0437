"""The forms of a decision about an absence, and of a visit that the office did not give."""

from __future__ import annotations

from wtforms import Form

from backoffice.absences.wording import WHY
from backoffice.forms.choices import Pick
from backoffice.forms.fields import TextLine
from desk.absences.rules import LONGEST_REASON
from desk.language.text import words

_ = words("outcomes")


class AbsenceDecisionForm(Form):
    """Why the absence stands, where it does."""

    why = Pick(
        _("Why the record stays"),
        options=list(WHY.items()),
        empty=_("Please choose"),
        required=False,
        depends=True,
        hint=_("Only needed where it stays. The person reads it in their language."),
    )


class UnservedForm(Form):
    """Why the office did not serve somebody."""

    reason = TextLine(
        _("Why the office did not serve them"),
        longest=LONGEST_REASON,
        hint=_("The person reads it, such as: the system was down."),
    )
