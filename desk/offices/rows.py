"""The plain rows of provinces, areas and offices, and what an office says that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from desk.calendar import weekday_of
from desk.language.text import Localised
from desk.offices.rules import Assistance, OfficeKind
from desk.organisation import Node, office
from desk.values import GeoPoint, Phone


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """A province with the number of its active offices."""

    code: str
    name: Localised
    offices: int
    only_office: int | None = None
    """The id of its office, where it is the only one."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area below the nation with its name: a province, a county or a district."""

    node: Node
    name: Localised


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office; None in a field = not announced."""

    id: int
    code: str
    kind: OfficeKind
    province_code: str
    province_name: Localised
    city: Localised
    name: Localised
    address: Localised | None
    point: GeoPoint | None
    phone: Phone | None
    zone: str
    is_active: bool
    area: str
    """The path of its area."""

    @property
    def node(self) -> Node:
        """Its node in the organisation."""
        return office(self.id, area=self.area)


@dataclass(frozen=True, slots=True)
class StatedAssistance:
    """What an office says that it has, and on which weekdays; what is missing is not announced."""

    weekdays: Mapping[Assistance, frozenset[int]] = field(default_factory=dict)

    def has(self, kind: Assistance, *, on: date) -> bool | None:
        """Whether it says that it has this on the day; None = it says nothing."""
        stated = self.weekdays.get(kind)
        return None if stated is None else weekday_of(on) in stated
