"""The form of what an office says that it has, and on which weekdays."""

from __future__ import annotations

from typing import Any, Self

from backoffice.forms.choices import Pick, Several
from backoffice.forms.fields import field_named
from backoffice.forms.versions import EditForm
from desk.language import vocabulary
from desk.language.text import words
from desk.offices.rows import StatedAssistance
from desk.offices.rules import Assistance

_ = words("offices")

EVERY, NONE, SOME = "every", "none", "some"
EVERY_DAY = frozenset(range(7))
ANSWERS = ((EVERY, _("On every day")), (SOME, _("On these days")), (NONE, _("On no day")))
WEEKDAYS = [(str(day), vocabulary.weekday(day)) for day in range(7)]
NOT_ANNOUNCED = _("Not announced")
THESE_DAYS = _("If on some days: which")


class AssistanceForm(EditForm):
    """For each thing that people may wish for whether the office has it; empty = it is not announced."""

    woman_clerk = Pick(_("A woman clerk"), required=False, options=ANSWERS, empty=NOT_ANNOUNCED)
    woman_clerk_days = Several(THESE_DAYS, required=False, options=WEEKDAYS)
    pashto = Pick(_("A Pashto interpreter"), required=False, options=ANSWERS, empty=NOT_ANNOUNCED)
    pashto_days = Several(THESE_DAYS, required=False, options=WEEKDAYS)
    arabic = Pick(_("An Arabic interpreter"), required=False, options=ANSWERS, empty=NOT_ANNOUNCED)
    arabic_days = Several(THESE_DAYS, required=False, options=WEEKDAYS)

    @classmethod
    def of(cls, stated: StatedAssistance) -> Self:
        """The form with what the office says now."""
        data: dict[str, Any] = {}
        for kind, days in stated.weekdays.items():
            data[kind.value] = EVERY if days == EVERY_DAY else SOME if days else NONE
            data[f"{kind.value}_days"] = [str(day) for day in sorted(days)] if data[kind.value] == SOME else []
        return cls(data=data)

    def is_whole(self) -> bool:
        """Whether it can be saved; else its fields have the reasons."""
        self.validate()
        for kind in Assistance:
            if self[kind.value].data == SOME and not self[f"{kind.value}_days"].data:
                field_named(self, f"{kind.value}_days").add_error(_("Please choose the days."))
        return not self.errors

    @property
    def weekdays(self) -> dict[Assistance, frozenset[int]]:
        """On which weekdays the office has what; what is not announced is missing."""
        found: dict[Assistance, frozenset[int]] = {}
        for kind in Assistance:
            match self[kind.value].data:
                case "every":
                    found[kind] = EVERY_DAY
                case "none":
                    found[kind] = frozenset()
                case "some":
                    found[kind] = frozenset(int(day) for day in self[f"{kind.value}_days"].data)
        return found
