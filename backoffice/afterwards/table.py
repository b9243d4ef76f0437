"""The columns of the answers after visits, and the month and the order that a page or a file asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from backoffice.capacity.heat import Heading
from desk.afterwards.rows import OfficeAnswers
from desk.language.text import Text, words

_ = words("after visits")

PATH = "/after-visits"


@dataclass(frozen=True, slots=True)
class CountColumn:
    """A column of numbers; `name` is that of the counts, or of the row itself."""

    name: str
    label: Text
    of_directorate: bool = False
    """Not shown to the office itself."""

    def value(self, row: OfficeAnswers) -> int | None:
        """What stands there; None = nothing, or too few to be shown."""
        if self.name in ("came", "answered", "share"):
            found: int | None = getattr(row, self.name)
            return found
        return row.so.get(self.name)


COLUMNS: Final = (
    CountColumn("came", _("Came")),
    CountColumn("answered", _("Answered")),
    CountColumn("share", _("Share of answers")),
    CountColumn("overpaid", _("Paid more than the fee")),
    CountColumn("no_receipt", _("No orange receipt")),
    CountColumn("unmarked", _("Receipt incomplete")),
    CountColumn("copied", _("Copy demanded")),
    CountColumn("disrespected", _("No respect")),
    CountColumn("sent_elsewhere", _("Sent elsewhere")),
    CountColumn("recorded_otherwise", _("Another sum or receipt recorded"), of_directorate=True),
    CountColumn("not_served", _("Recorded as served, and were not"), of_directorate=True),
)
_BY_NAME: Final[Mapping[str, CountColumn]] = {each.name: each for each in COLUMNS}
OFFICE = "office"
OFFICE_LABEL = _("Office")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the address or the form asks for; the usual order is that of lists of offices."""

    month: date
    order: str = OFFICE
    is_turned: bool = False

    @staticmethod
    def of(get: Callable[[str], str], *, months: Sequence[date]) -> Wanted:
        """Read by `get`; a month that is not shown is the newest one."""
        order = get("order")
        name = order.removeprefix("-")
        return Wanted(
            month=next((each for each in months if each.isoformat() == get("month")), months[0]),
            order=name if name in _BY_NAME else OFFICE,
            is_turned=order.startswith("-"),
        )

    def query(self, **other: str) -> dict[str, str]:
        """As values of a query string, with others in their place."""
        order = ("-" if self.is_turned else "") + self.order
        return {"month": self.month.isoformat(), "order": order} | other

    def in_order(self, rows: Sequence[OfficeAnswers]) -> list[OfficeAnswers]:
        """The largest first; what is not shown stands last either way."""
        if self.order == OFFICE:
            return list(reversed(rows)) if self.is_turned else list(rows)
        column = _BY_NAME[self.order]

        def key(row: OfficeAnswers) -> Any:
            value = column.value(row)
            return (value is None, 0 if value is None else value if self.is_turned else -value)

        return sorted(rows, key=key)


def headings(wanted: Wanted, columns: Sequence[CountColumn]) -> list[Heading]:
    """Those of the office and of these columns; one that is pressed once more reverses the list."""
    found = []
    for name, label in ((OFFICE, OFFICE_LABEL), *((each.name, each.label) for each in columns)):
        is_it = wanted.order == name
        turned = is_it and not wanted.is_turned
        down = (name != OFFICE) is not wanted.is_turned
        address = f"{PATH}?{urlencode(wanted.query(order=('-' if turned else '') + name))}"
        found.append(Heading(label, address, ("descending" if down else "ascending") if is_it else ""))
    return found
