"""The filter, the order and the cells of the days of many offices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from desk.catalogue.rows import ServiceRow
from desk.figures.rows import DayOfOffice, OfficeStrain
from desk.language.text import Text, words
from desk.offices.rows import ProvinceRow

_ = words("capacity")

PATH = "/capacity/offices"
NEVER = date.max
"""Stands for «no free day»: later than any."""
STRAINS = (0, 50, 75, 90, 100)
"""The percentages of taken places from which a cell gets its next colour."""

Key = Callable[[OfficeStrain], Any]


@dataclass(frozen=True, slots=True)
class Order:
    """A column by which offices are put in order; `goes_down` = the largest value stands first."""

    label: Text
    key: Key
    goes_down: bool = False


ORDERS: Final[Mapping[str, Order]] = {
    "first": Order(_("First free day"), lambda each: each.first_free or NEVER, goes_down=True),
    "free": Order(_("Free places"), lambda each: each.free),
    "share": Order(_("Taken"), lambda each: -1 if each.share is None else each.share, goes_down=True),
    "waiting": Order(_("People waiting"), lambda each: each.waiting, goes_down=True),
    "absent": Order(_("Absences in 30 days"), lambda each: each.absent, goes_down=True),
    "office": Order(_("Office"), lambda each: 0),
}
"""By the value in the address; the first is usual. Where two offices are equal, they keep the order of lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatFilter:
    """What the address asks for; a province or service out of reach is no filter."""

    province: str = ""
    service: int | None = None
    order: str = "first"
    is_turned: bool = False

    @staticmethod
    def of(
        get: Callable[[str], str], *, provinces: Sequence[ProvinceRow], services: Sequence[ServiceRow]
    ) -> HeatFilter:
        """Read by `get`, from an address or from a form."""
        order = get("order")
        codes, ids = {row.code for row in provinces}, {str(row.id) for row in services}
        return HeatFilter(
            province=get("province") if get("province") in codes else "",
            service=int(get("service")) if get("service") in ids else None,
            order=order.removeprefix("-") if order.removeprefix("-") in ORDERS else "first",
            is_turned=order.startswith("-"),
        )

    def query(self) -> dict[str, str]:
        """The filter as values of a query string."""
        parts = {
            "province": self.province,
            "service": "" if self.service is None else str(self.service),
            "order": ("-" if self.is_turned else "") + self.order,
        }
        return {name: value for name, value in parts.items() if value and value != "first"}

    @property
    def is_narrow(self) -> bool:
        """Whether some offices may be left out."""
        return bool(self.province or self.service is not None)

    def in_order(self, rows: Sequence[OfficeStrain]) -> list[OfficeStrain]:
        """The rows in the order asked for."""
        order = ORDERS[self.order]
        if self.order == "office":
            return list(reversed(rows)) if self.is_turned else list(rows)
        return sorted(rows, key=order.key, reverse=order.goes_down is not self.is_turned)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that puts the list in its order; `direction` is that of `aria-sort`, empty where it is another's."""

    label: Text
    address: str
    direction: str


def headings(wanted: HeatFilter) -> dict[str, Heading]:
    """The headings by column; one that is pressed once more puts the list in the other direction."""
    found = {}
    for name, order in ORDERS.items():
        is_it = wanted.order == name
        turned = is_it and not wanted.is_turned
        asked = {**wanted.query(), "order": ("-" if turned else "") + name}
        down = order.goes_down is not wanted.is_turned
        found[name] = Heading(
            order.label, f"{PATH}?{urlencode(asked)}", ("descending" if down else "ascending") if is_it else ""
        )
    return found


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One day of an office: what the cell says, and its colour from 0 (calm) to 4 (full); None = nothing is given."""

    day: DayOfOffice | None
    tone: int | None
    is_first: bool

    @staticmethod
    def of(day: DayOfOffice | None, *, is_first: bool) -> HeatCell:
        """The cell of these places; with places and none of them free it is full, also where nobody took them."""
        if day is None or day.share is None:
            return HeatCell(day, None, is_first)
        reached = sum(day.share >= each for each in STRAINS) - 1
        return HeatCell(day, len(STRAINS) - 1 if day.free == 0 else min(reached, len(STRAINS) - 2), is_first)
