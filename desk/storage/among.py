"""Conditions that a column holds one of some values, whose text is built once.

SQLAlchemy writes the values of an `IN` into the statement at each execution. For a short statement that takes as long
as running it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, false, true


def among(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column IN values`; for one value (the usual scope) an equality, for none a false condition."""
    if not values:
        return false()
    if len(values) == 1:
        only: ColumnElement[bool] = column == next(iter(values))
        return only
    return column.in_(values)


def none_of(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column NOT IN values`, for the few values of a closed vocabulary."""
    return and_(true(), *(column != value for value in values))
