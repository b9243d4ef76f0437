"""The forms of a case: reply, note, holder, state, closing."""

from __future__ import annotations

from wtforms import Form

from backoffice.cases.wording import CASE_STATES, CLOSE_REASONS
from backoffice.forms.choices import Pick
from backoffice.forms.fields import Paragraph, TextLine
from backoffice.forms.versions import EditForm
from desk.cases.rules import PERSONS_OWN, SET_BY_HAND, CloseReason
from desk.language.text import words

_ = words("case")

CLOSABLE = tuple(reason for reason in CloseReason if reason not in PERSONS_OWN)


class ReplyForm(Form):
    """A reply to the person; `key` makes a second tap the same reply."""

    text = Paragraph(_("Your reply"), rows=5, longest=3000, hint=_("Short sentences. One thing after the other."))
    key = TextLine(_("Key of the form"), longest=60)


class NoteForm(Form):
    """A note for colleagues."""

    text = Paragraph(_("Note for colleagues"), rows=3, longest=3000, hint=_("The person never sees it."))


class StateForm(EditForm):
    """The state of the case; no value is preselected, since the person is told of it.

    Its version is that of the state the case had on the page.
    """

    proposed = frozenset({"to"})

    to = Pick(
        _("Where the case is now"),
        options=[(s.value, CASE_STATES[s].label) for s in sorted(SET_BY_HAND)],
        empty=_("Please choose"),
    )


class CloseForm(Form):
    """The reason for closing, which the person is told."""

    reason = Pick(
        _("Why is it closed?"),
        options=[(reason.value, CLOSE_REASONS[reason]) for reason in CLOSABLE],
        empty=_("Please choose"),
    )
    text = Paragraph(_("A word to the person"), required=False, rows=3, longest=1000)


class AssignForm(EditForm):
    """The new holder; nobody = the case is unassigned."""

    to = Pick(_("Who takes the case?"), required=False, empty=_("Nobody in particular"))
