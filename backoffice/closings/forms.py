"""The form of a closing: where, when, what, and the reason that people read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from wtforms import Form

from backoffice.forms.choices import Option, Pick
from backoffice.forms.fields import TextLine
from backoffice.forms.numbers import Day, Number, TimeOfDay
from desk.capacity.cutting import CutKind, DayCut
from desk.closings.rules import MOST_DAYS
from desk.language.text import Text, words

_ = words("closing")
_reason = words("closing reason")

REASONS: Final[Mapping[str, Text]] = {
    "power": _reason("The office has no electricity."),
    "network": _reason("The system is not connected."),
    "ill": _reason("A colleague is ill."),
    "building": _reason("The building cannot be used."),
    "weather": _reason("The weather is bad."),
    "day_off": _reason("It is a day off."),
}
"""What people are told, by the key in the form."""

KINDS: Final[Mapping[CutKind, Text]] = {CutKind.CLOSE: _("Close"), CutKind.OPEN: _("Open more")}


class When(StrEnum):
    """Which days."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    OTHER = "other"


WHEN: Final[Mapping[When, Text]] = {
    When.TODAY: _("Today"),
    When.TOMORROW: _("Tomorrow"),
    When.OTHER: _("Another day, or several"),
}


class ClosingForm(Form):
    """What is closed or opened on each of the days; empty hours and counters mean the whole day."""

    place = Pick(_("Where"))
    kind = Pick(_("What happens"), options=[(kind.value, label) for kind, label in KINDS.items()])
    when = Pick(_("When"), options=[(when.value, label) for when, label in WHEN.items()])
    from_day = Day(_("From the day"), required=False, depends=True)
    until_day = Day(_("Until the day"), required=False, hint=_("Empty: one day."))
    opens = TimeOfDay(_("From the hour"), required=False, hint=_("Empty: the whole day."))
    closes = TimeOfDay(_("Until the hour"), required=False)
    counters = Number(_("How many counters"), required=False, least=1, most=200, hint=_("Empty: all of them."))
    reason = Pick(
        _("Why? The people read this."),
        options=list(REASONS.items()),
        empty=_("In my own words"),
        required=False,
        depends=True,
    )
    words = TextLine(_("In my own words"), required=False, depends=True, longest=200)

    @classmethod
    def at(cls, places: Sequence[Option] | None, formdata: Any = None, **values: Any) -> ClosingForm:
        """The form with the places that may be chosen; None = offices and days are chosen elsewhere."""
        if places is not None:
            return _with_places(places)(formdata, **values)
        form = cls(formdata, **values)
        del form.place, form.when, form.from_day, form.until_day
        return form

    def is_complete(self, *, today: date) -> bool:
        """Whether it says what happens; errors are added to the fields."""
        if not self.validate():
            return False
        if (self.opens.data is None) != (self.closes.data is None):
            (self.opens if self.opens.data is None else self.closes).add_error(_("Please fill this in."))
        elif self.opens.data is not None and self.opens.data >= self.closes.data:
            self.closes.add_error(_("It closes before it opens."))
        if self.kind.data == CutKind.OPEN and self.counters.data is None:
            self.counters.add_error(_("Please say how many counters more."))
        if self.kind.data == CutKind.CLOSE and not (self.reason.data or self.words.data):
            self.words.add_error(_("Please tell the people why."))
        if "when" in self:
            self._read_days(today)
        return not self.errors

    def _read_days(self, today: date) -> None:
        first, last = self.from_day.data, self.until_day.data
        if self.when.data != When.OTHER:
            if first is not None or last is not None:
                self.when.add_error(_("A day stands below. Please choose «another day», or empty it."))
        elif first is None:
            self.from_day.add_error(_("Please fill this in."))
        elif first < today:
            self.from_day.add_error(_("This day is over."))
        elif last is not None and (last < first or (last - first).days >= MOST_DAYS):
            self.until_day.add_error(_("At most {n} days, and not before the first.", n=MOST_DAYS))

    def days(self, *, today: date) -> list[date]:
        """The days from the first to the last."""
        if self.when.data != When.OTHER:
            return [today + timedelta(days=self.when.data == When.TOMORROW)]
        first, last = self.from_day.data, self.until_day.data or self.from_day.data
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def cut(self) -> DayCut:
        """What happens to each day."""
        return DayCut(
            kind=CutKind(self.kind.data), opens=self.opens.data, closes=self.closes.data, counters=self.counters.data
        )


def _with_places(places: Sequence[Option]) -> type[ClosingForm]:
    """The form that offers these: a field reads what was sent as soon as it is made."""

    class PlacedClosingForm(ClosingForm):
        place = Pick(_("Where"), options=places)

    return PlacedClosingForm
