"""The form of whether and when people of a province are asked after their visits."""

from __future__ import annotations

from backoffice.forms.choices import Pick
from backoffice.forms.numbers import TimeOfDay
from backoffice.forms.versions import EditForm
from desk.language.text import words

_ = words("after visits")

ON, OFF = "on", "off"


class AskingForm(EditForm):
    """What holds in one province."""

    is_on = Pick(
        _("After visits"),
        options=[(ON, _("People are asked in the evening")), (OFF, _("Nobody is asked"))],
    )
    ask_at = TimeOfDay(_("At this hour"), hint=_("From 15:00 to 20:00; each chat once a week at most."))
