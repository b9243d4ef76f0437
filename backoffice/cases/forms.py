"""What staff write in a case: a reply, a note, a colleague, a state, a reason to close."""

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
    """An answer to the person; `key` makes a second tap the same reply."""

    text = Paragraph(_("Your reply"), rows=5, longest=3000, hint=_("Short sentences. One thing after the other."))
    key = TextLine(_("Key of the form"), longest=60)


class NoteForm(Form):
    """A line for colleagues."""

    text = Paragraph(_("Note for colleagues"), rows=3, longest=3000, hint=_("The person never sees it."))


class StateForm(EditForm):
    """Where the case is now; nothing is chosen beforehand, for the person is told of it.

    Its version is that of the state the case had on the page.
    """

    proposed = frozenset({"to"})

    to = Pick(
        _("Where the case is now"),
        options=[(s.value, CASE_STATES[s].label) for s in sorted(SET_BY_HAND)],
        empty=_("Please choose"),
    )


class CloseForm(Form):
    """Why it is closed; the person is told."""

    reason = Pick(
        _("Why is it closed?"),
        options=[(reason.value, CLOSE_REASONS[reason]) for reason in CLOSABLE],
        empty=_("Please choose"),
    )
    text = Paragraph(_("A word to the person"), required=False, rows=3, longest=1000)


class AssignForm(EditForm):
    """Who takes the case; nobody = it stands open for everybody."""

    to = Pick(_("Who takes the case?"), required=False, empty=_("Nobody in particular"))
