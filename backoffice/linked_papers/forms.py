"""The form by which two papers of one person are linked, or that is taken back."""

from __future__ import annotations

from wtforms import Form

from backoffice.appointments.forms import PaperNumber
from backoffice.forms.choices import Pick, Tick
from backoffice.linked_papers.wording import REASONS
from desk.language.text import words

_ = words("linked papers")


class LinkForm(Form):
    """The numbers of two originals and why they are linked; neither number comes back to the page."""

    one = PaperNumber(
        _("Number of the first original"),
        is_ltr=True,
        hint=_("Take both papers into your hand and type what stands there. They are compared and not kept."),
    )
    other = PaperNumber(_("Number of the second original"), is_ltr=True)
    reason = Pick(_("What do you see?"), options=list(REASONS.items()), empty=_("Please choose"))
    seen = Tick(_("The person is in front of me, and I have both originals in my hand"))
