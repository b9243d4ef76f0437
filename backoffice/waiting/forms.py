"""The forms of the waiting list: the number that finds a request, the class that is given to it, and a class."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Form

from backoffice.forms.choices import Pick, Tick
from backoffice.forms.fields import TextLine
from backoffice.forms.numbers import Number
from backoffice.forms.versions import EditForm
from backoffice.waiting.wording import CLASS_REASONS
from desk.language.text import words
from desk.waiting.rows import PriorityClassRow
from desk.waiting.rules import MOST_CLASS_DAYS, USUAL_CLASS_DAYS

_ = words("waiting list")


class TypedNumber(TextLine):
    """A number of a request or of a paper; it does not come back to the page."""

    @property
    def typed(self) -> str:
        """Nothing: it may be the number of somebody's paper."""
        return ""


class FindForm(Form):
    """The number by which the request of the person at the counter is found."""

    number = TypedNumber(
        _("Number of the request, or number of the original paper"),
        is_ltr=True,
        hint=_("The person finds the first in the chat, in «⏳ Waiting list». What is typed is compared and not kept."),
    )


class GiveForm(EditForm):
    """The class of a request, and why."""

    proposed = frozenset({"reason"})

    priority = Pick(_("Priority class"), required=False, empty=_("None"))
    reason = Pick(_("Why?"), options=list(CLASS_REASONS.items()), empty=_("Please choose"))

    def offering(self, classes: Sequence[PriorityClassRow]) -> GiveForm:
        """The form with the classes that may be given."""
        self.priority.options = [(str(each.id), each.name) for each in classes]
        return self


class ClassForm(EditForm):
    """A priority class of the directorate."""

    name_fa = TextLine(_("Name in Persian"), longest=60)
    name_fa_AF = TextLine(_("Name in Dari"), longest=60, required=False)
    days = Number(
        _("Days of waiting that count more"),
        least=1,
        most=MOST_CLASS_DAYS,
        default=USUAL_CLASS_DAYS,
        hint=_("Who waits longer than that is still before them."),
    )
    is_active = Tick(_("May be given"), default=True)
