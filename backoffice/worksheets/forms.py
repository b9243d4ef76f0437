"""The forms of a worksheet: stating it, deciding about it, and whether approval is needed."""

from __future__ import annotations

from backoffice.forms.choices import Pick, Tick
from backoffice.forms.fields import Paragraph
from backoffice.forms.numbers import Day
from backoffice.forms.versions import EditForm
from desk.language.text import words
from desk.worksheets.rules import LONGEST_NOTE, LONGEST_RETURN

_ = words("worksheets")


class StatementForm(EditForm):
    """What the office says beside the hours of the week."""

    proposed = frozenset({"valid_from", "note", "is_meant"})

    valid_from = Day(_("It shall hold from"))
    note = Paragraph(
        _("Note"),
        required=False,
        longest=LONGEST_NOTE,
        rows=3,
        hint=_("What the figures do not say, such as a counter that is being built. Please name no applicant."),
    )
    is_meant = Tick(_("Yes, these numbers are meant"))


class DecisionForm(EditForm):
    """What the directorate decides. `declare` adds the present state and week as its version."""

    proposed = frozenset({"state", "reason", "until_day"})

    state = Pick(_("Decision"), empty=_("Please choose"))
    until_day = Day(
        _("Look at it again by"),
        required=False,
        hint=_("Only where it stands for a time. Nothing ends by itself on this day."),
    )
    reason = Paragraph(
        _("Reason"),
        required=False,
        longest=LONGEST_RETURN,
        rows=3,
        hint=_("Needed where you return it. The office reads this. Please name no applicant."),
    )


YES, NO, ABOVE = "yes", "no", "above"


class ApprovalForm(EditForm):
    """Whether the offices of an area need approval for their hours."""

    is_needed = Pick(_("Approval of the hours of offices"))
