"""Which cases a scope reaches: the one place that keeps the office complained of away from the complaint."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, not_, or_

from desk.cases.models import Case
from desk.cases.rules import CaseKind
from desk.offices.reach import office_ids_within, provinces_within
from desk.organisation import NATION, Node, Scope, office, province
from desk.storage.among import among
from desk.storage.upsert import table_of

_cases = table_of(Case)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a case is handled and which office it is about."""

    kind: CaseKind
    office_id: int | None
    handler_office_id: int | None
    handler_province_code: str | None
    area_of_handler_office: str | None

    @property
    def node(self) -> Node:
        """Where it is handled."""
        if self.handler_office_id is not None and self.area_of_handler_office is not None:
            return office(self.handler_office_id, area=self.area_of_handler_office)
        return NATION if self.handler_province_code is None else province(self.handler_province_code)


def covers(scope: Scope, case: Placed) -> bool:
    """The same rule as `within`, for one case at hand; a test holds the two together."""
    if case.kind is CaseKind.COMPLAINT and case.office_id in scope.offices:
        return False
    return scope.covers(case.node)


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition on `cases` that holds for what `scope` may see and handle.

    An office: what it handles itself, which never is a complaint. A province: what it handles and what its offices
    handle; a county or a district what their offices handle. The nation: all. Whoever works for an office does not
    reach a complaint about that office, even where another of their roles would.
    """
    if not scope:
        return false()
    at_offices = office_ids_within(scope, _cases.c.handler_office_id)
    reached = or_(at_offices, provinces_within(scope, _cases.c.handler_province_code)) if scope.areas else at_offices
    if not scope.offices:
        return reached
    about_own_office = and_(_cases.c.kind == CaseKind.COMPLAINT, among(_cases.c.office_id, sorted(scope.offices)))
    # `office_id` may be NULL, and NOT (… AND NULL) is NULL: say that a case about no office is about none of theirs.
    return and_(reached, or_(_cases.c.office_id.is_(None), not_(about_own_office)))
