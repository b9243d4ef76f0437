"""The forms of the day's list: the day to come back, why another day is seen, the number and the name of the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from wtforms import Form

from backoffice.forms.choices import Pick, Tick
from backoffice.forms.fields import Reason, TextLine, field_named
from backoffice.forms.numbers import Day
from backoffice.forms.versions import EditForm
from desk.appointments.rules import AssistanceState
from desk.language.labels import DOCUMENT_KINDS
from desk.language.text import words
from desk.offices.rules import Assistance
from desk.people.rules import (
    KINDS_ON_BUTTONS,
    NAME_LENGTH,
    DocumentKind,
    has_foreign_digits,
    has_number,
    looks_odd,
    read_identity_number,
    read_name,
)
from desk.visits.rules import LONGEST_REASON

_ = words("today")


class BackForm(Form):
    """The form for «come back», which always needs a day."""

    come_back_on = Day(_("Comes back on"))


class ReasonForm(Form):
    """Why somebody needs the names of a day outside their own days."""

    reason = TextLine(
        _("Why do you need the names of this day?"),
        longest=LONGEST_REASON,
        hint=_("It is written down with your name. Write no name and no number of anybody."),
    )


class PaperNumber(TextLine):
    """The number of a paper as it is typed."""

    @property
    def typed(self) -> str:
        """Nothing: the number does not come back to the page."""
        return ""

    def read(self, typed: str) -> str:
        """The number. Raises Reason."""
        if has_foreign_digits(typed):
            raise Reason(_("Please write the digits as 0 1 2 3 or as ۰ ۱ ۲ ۳."))
        if read_identity_number(typed) is None:
            raise Reason(_("Please write the number as it stands on the paper."))
        return typed


class WrittenName(TextLine):
    """The name of a person as it stands on their paper."""

    def read(self, typed: str) -> str:
        """The name, tidied. Raises Reason."""
        name = read_name(typed)
        if name is None:
            raise Reason(_("Please write the name alone, without digits."))
        return name


class NameForm(EditForm):
    """The name on an appointment, with the number of the paper where there is one."""

    proposed = frozenset({"number"})

    number = PaperNumber(
        _("Number of the original paper"),
        is_ltr=True,
        hint=_("Take the paper into your hand and type what stands there. It is compared and not kept."),
    )
    name = WrittenName(_("Name"), longest=NAME_LENGTH)

    def without_paper(self) -> Self:
        """The form for somebody without a paper, where there is no number to compare."""
        del self.number
        return self


ANSWERS = (
    (AssistanceState.ARRANGED.value, _("Arranged: it will be there")),
    (AssistanceState.CANNOT.value, _("Cannot be arranged")),
)


class WishesForm(EditForm):
    """What the office answers to each thing that is wished for with an appointment; an answer is not taken back."""

    woman_clerk = Pick(_("A woman clerk"), required=False, options=ANSWERS, empty=_("Nothing said yet"))
    pashto = Pick(_("A Pashto interpreter"), required=False, options=ANSWERS, empty=_("Nothing said yet"))
    arabic = Pick(_("An Arabic interpreter"), required=False, options=ANSWERS, empty=_("Nothing said yet"))

    def only(self, wished: Mapping[Assistance, AssistanceState]) -> Self:
        """The form with the fields of what is wished for; an answered one is only changed."""
        for kind in Assistance:
            if kind not in wished:
                del self[kind.value]
            elif wished[kind] is not AssistanceState.ASKED:
                entry = field_named(self, kind.value)
                if isinstance(entry, Pick):
                    entry.empty = None
        return self

    @property
    def answers(self) -> dict[Assistance, AssistanceState]:
        """What was chosen, by what is wished for."""
        return {Assistance(entry.short_name): AssistanceState(entry.data) for entry in self if entry.data}


class PersonForm(Form):
    """One person who stands at the desk or at the door: the name, and kind and number of the paper."""

    name = WrittenName(_("Name as it stands on the original"), longest=NAME_LENGTH)
    kind = Pick(
        _("Paper"),
        empty=_("Please choose"),
        options=[(each.value, DOCUMENT_KINDS[each]) for each in KINDS_ON_BUTTONS],
    )
    number = PaperNumber(
        _("Number of the original paper"),
        required=False,
        depends=True,
        is_ltr=True,
        hint=_("Empty where the person has no paper."),
    )
    stands_so = Tick(_("The number stands so on the original"))
    beside = Tick(_("That turn is not theirs, they say: take this one beside it. The original decides on its day."))

    @property
    def paper(self) -> DocumentKind:
        """The kind of paper that was chosen."""
        return DocumentKind(self.kind.data) if self.kind.data else DocumentKind.NONE

    @property
    def is_odd(self) -> bool:
        """Whether the number is unlike those of such papers."""
        return bool(self.number.data) and looks_odd(self.number.data, self.paper)

    def compare(self) -> None:
        """Add what is wrong between the fields, once each was read."""
        is_numbered = has_number(self.paper)
        if is_numbered and not self.number.data and not self.number.errors:
            self.number.add_error(_("Please type the number that stands on the original."))
        if self.is_odd and not self.stands_so.data:
            self.number.add_error(
                _("This number is unusual. Please look at the original again, and tick it where it stands so.")
            )
        if self.kind.data and not is_numbered and self.number.data:
            self.number.add_error(
                _("Without a paper this stays empty. Please choose the paper, or take the number out.")
            )


class DeskForm(PersonForm):
    """The appointment of one person who stands at the desk without a phone."""

    time = Pick(_("Time"), empty=_("Please choose"))
    seen = Tick(_("I have the original in my hand"))


class DeskChangeForm(Form):
    """Another time for an appointment of the desk, with its paper."""

    time = Pick(_("Time"), required=False, depends=True, empty=_("Please choose"))
    number = PaperNumber(
        _("Number of the original paper"),
        required=False,
        depends=True,
        is_ltr=True,
        hint=_("Take the paper into your hand and type what stands there. It is compared and not kept."),
    )


class OriginalPaperForm(Form):
    """The number of the original paper, to be compared with that of an appointment."""

    number = PaperNumber(
        _("Number of the original paper"),
        is_ltr=True,
        hint=_("Take the paper into your hand and type what stands there. It is compared and not kept."),
    )
