"""The forms of a roster and of what is asked of marshals."""

from __future__ import annotations

from wtforms import Form

from backoffice.forms.choices import Several
from backoffice.forms.fields import Paragraph
from backoffice.forms.numbers import Day
from backoffice.forms.versions import EditForm
from desk.language.text import words
from desk.rosters.rules import LONGEST_CONDITIONS, LONGEST_REASON, LONGEST_WORD

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


class LeaveForm(Form):
    """The days for which somebody asks to be off duty."""

    first = Day(_("From the day"))
    last = Day(_("Until the day"), required=False, hint=_("Empty: one day."))
    reason = Paragraph(
        _("Why"),
        required=False,
        longest=LONGEST_REASON,
        rows=2,
        hint=_("Nobody has to say it. Only those who answer it read this."),
    )


class LeaveDecisionForm(EditForm):
    """What the manager says to leave that somebody asks for. `declare` adds its state as the version."""

    proposed = frozenset({"word"})

    word = Paragraph(
        _("Your word to it"),
        required=False,
        depends=True,
        longest=LONGEST_WORD,
        rows=2,
        hint=_("Only needed where you decline it."),
    )
