"""Which cases a scope covers; the one place that keeps a complaint from the office it is about."""

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
    """Where a case is handled, and which office it is about."""

    kind: CaseKind
    office_id: int | None
    handler_office_id: int | None
    handler_province_code: str | None
    area_of_handler_office: str | None

    @property
    def node(self) -> Node:
        """The node of the organisation that handles it."""
        if self.handler_office_id is not None and self.area_of_handler_office is not None:
            return office(self.handler_office_id, area=self.area_of_handler_office)
        return NATION if self.handler_province_code is None else province(self.handler_province_code)


def covers(scope: Scope, case: Placed) -> bool:
    """The rule of `within` for one case in memory; a test compares the two."""
    if case.kind is CaseKind.COMPLAINT and case.office_id in scope.offices:
        return False
    return scope.covers(case.node)


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition on `cases` for what `scope` may see and handle.

    An office covers what it handles itself, which is never a complaint. A province covers what it and its offices
    handle, a county or a district what their offices handle, the nation everything. A member of an office's staff does
    not reach a complaint about that office, even by another of their roles.
    """
    if not scope:
        return false()
    at_offices = office_ids_within(scope, _cases.c.handler_office_id)
    reached = or_(at_offices, provinces_within(scope, _cases.c.handler_province_code)) if scope.areas else at_offices
    if not scope.offices:
        return reached
    about_own_office = and_(_cases.c.kind == CaseKind.COMPLAINT, among(_cases.c.office_id, sorted(scope.offices)))
    # `office_id` may be NULL, and NOT (… AND NULL) is NULL: a case about no office needs its own condition.
    return and_(reached, or_(_cases.c.office_id.is_(None), not_(about_own_office)))
