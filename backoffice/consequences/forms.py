"""The form about the people whom a change affects."""

from __future__ import annotations

from typing import Any

from litestar.datastructures import ImmutableMultiDict
from wtforms import Form

from backoffice.consequences.wording import REMEDIES
from backoffice.forms.choices import Pick
from backoffice.forms.fields import Paragraph
from desk.consequences.rules import ChangeKind, remedies
from desk.language.text import words

_ = words("changes")


class RemedyForm(Form):
    """One remedy for all, and the reason they are told."""

    remedy = Pick(_("What is to become of their turns?"))
    words = Paragraph(
        _("Why: the people read these words"),
        required=False,
        depends=True,
        rows=2,
        longest=200,
        hint=_("Needed where turns are moved or cancelled. One short sentence: The power is off in the whole street."),
    )


def remedy_form(sent: ImmutableMultiDict[Any] | None, *, kind: ChangeKind, prefix: str = "") -> RemedyForm:
    """The form for a change of this kind, with the sent values or, for None, the likeliest remedy."""
    form = RemedyForm(None, prefix=prefix, data={"remedy": remedies(kind)[0].value})
    if kind is ChangeKind.ADDRESS:
        # Nothing is moved or cancelled, so no reason is required.
        form.words.hint = _("If you like. One short sentence: The office has moved to a larger building.")
    form.remedy.options = [(each.value, REMEDIES[each]) for each in remedies(kind)]
    if sent is not None:
        form.process(sent)
    return form
