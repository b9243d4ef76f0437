"""Which cases a scope reaches: the one place that keeps the office complained of away from the complaint."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true

from desk.cases.models import Case
from desk.cases.rules import CaseKind
from desk.offices.models import Office
from desk.staff.rules import Scope
from desk.storage.among import among
from desk.storage.upsert import table_of

_cases = table_of(Case)
_offices = table_of(Office)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a case is handled and which office it is about."""

    kind: CaseKind
    office_id: int | None
    handler_office_id: int | None
    handler_province_code: str | None
    province_of_handler_office: str | None


def covers(scope: Scope, case: Placed) -> bool:
    """The same rule as `within`, for one case at hand; a test holds the two together."""
    if case.kind is CaseKind.COMPLAINT and case.office_id in scope.offices:
        return False
    if scope.nation:
        return True
    if case.handler_office_id is not None:
        return case.handler_office_id in scope.offices or case.province_of_handler_office in scope.provinces
    return case.handler_province_code in scope.provinces


def within(scope: Scope) -> ColumnElement[bool]:
    """The condition on `cases` that holds for what `scope` may see and handle.

    An office: what it handles itself, which never is a complaint. A province: what it handles and what its offices
    handle. The nation: all. Whoever works for an office does not reach a complaint about that office, even where
    another of their roles would.
    """
    if not scope:
        return false()
    if scope.nation:
        reached: ColumnElement[bool] = true()
    else:
        parts = []
        if scope.offices:
            parts.append(among(_cases.c.handler_office_id, scope.offices))
        if scope.provinces:
            offices_there = select(_offices.c.id).where(among(_offices.c.province_code, scope.provinces))
            parts.append(among(_cases.c.handler_province_code, scope.provinces))
            parts.append(_cases.c.handler_office_id.in_(offices_there))
        reached = or_(*parts)
    if not scope.offices:
        return reached
    about_own_office = and_(_cases.c.kind == CaseKind.COMPLAINT, among(_cases.c.office_id, scope.offices))
    # `office_id` may be NULL, and NOT (… AND NULL) is NULL: say that a case about no office is about none of theirs.
    return and_(reached, or_(_cases.c.office_id.is_(None), not_(about_own_office)))
