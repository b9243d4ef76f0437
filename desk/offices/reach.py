"""Conditions for what lies within a scope; the only place that translates the organisation's tree into SQL.

Each condition is for another kind of column. A statement with one is cached for each scope, since most people share a
few.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import Session

from desk.acting import OutOfReach
from desk.offices.models import Office
from desk.organisation import Node, Scope, office
from desk.storage.among import among
from desk.storage.upsert import table_of

_offices = table_of(Office)
_AREA = select(_offices.c.area).where(_offices.c.id == bindparam("office"))
_AFTER = chr(ord("/") + 1)
"""The character after the slash that ends a path: all paths below a node sort before it."""


def node_of(session: Session, office_id: int) -> Node:
    """The node of the office.

    Raises:
        OutOfReach: there is no such office.
    """
    area: str | None = session.scalar(_AREA, {"office": office_id})
    if area is None:
        raise OutOfReach
    return office(office_id, area=area)


def offices_within(scope: Scope, offices: FromClause = _offices) -> ColumnElement[bool]:
    """The condition that an office of this table lies within `scope`."""
    return _either(scope, area=offices.c.area, office_id=offices.c.id)


def office_ids_within(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that the office whose id is `column` lies within `scope`; false for NULL, except for the nation."""
    if scope.is_national:
        return true()
    ids = among(column, sorted(scope.offices))
    if not scope.areas:
        return ids
    below = column.in_(select(_offices.c.id).where(_below(scope, _offices.c.area)))
    return or_(ids, below) if scope.offices else below


def areas_within(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that the area whose path is `column` lies within `scope`."""
    return true() if scope.is_national else _below(scope, column)


def provinces_within(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that the whole province whose code is `column` lies within `scope`."""
    return true() if scope.is_national else among(column, sorted(scope.provinces))


def _either(scope: Scope, *, area: ColumnElement[Any], office_id: ColumnElement[Any]) -> ColumnElement[bool]:
    if scope.is_national:
        return true()
    if not scope.areas:
        return among(office_id, sorted(scope.offices))
    below = _below(scope, area)
    return or_(below, among(office_id, sorted(scope.offices))) if scope.offices else below


def _below(scope: Scope, column: ColumnElement[Any]) -> ColumnElement[bool]:
    # A range, not LIKE: both databases use the index for it, and nothing has to be escaped.
    parts = [and_(column >= path, column < path[:-1] + _AFTER) for path in scope.areas]
    return or_(*parts) if parts else false()
