"""The columns of the answers after visits, and the month and the order that a page or a file asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from desk.afterwards.rows import OfficeAnswers
from desk.language.text import Text, words

_ = words("after visits")

PATH = "/after-visits"


@dataclass(frozen=True, slots=True)
class Column:
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
    Column("came", _("Came")),
    Column("answered", _("Answered")),
    Column("share", _("Share of answers")),
    Column("overpaid", _("Paid more than the fee")),
    Column("no_receipt", _("No orange receipt")),
    Column("unmarked", _("Receipt incomplete")),
    Column("copied", _("Copy demanded")),
    Column("disrespected", _("No respect")),
    Column("sent_elsewhere", _("Sent elsewhere")),
    Column("not_served", _("Recorded as served, and were not"), of_directorate=True),
)
_BY_NAME: Final[Mapping[str, Column]] = {each.name: each for each in COLUMNS}
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


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that puts the list in its order; `direction` is that of `aria-sort`, empty where it is another's."""

    name: str
    label: Text
    address: str
    direction: str


def headings(wanted: Wanted, columns: Sequence[Column]) -> list[Heading]:
    """Those of the office and of these columns; one that is pressed once more turns the list."""
    found = []
    for name, label in ((OFFICE, OFFICE_LABEL), *((each.name, each.label) for each in columns)):
        is_it = wanted.order == name
        turned = is_it and not wanted.is_turned
        down = (name != OFFICE) is not wanted.is_turned
        address = f"{PATH}?{urlencode(wanted.query(order=('-' if turned else '') + name))}"
        found.append(Heading(name, label, address, ("descending" if down else "ascending") if is_it else ""))
    return found
