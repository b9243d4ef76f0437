"""Whether a column holds one of some values, written once into a statement that is built once.

SQLAlchemy writes the values of an `IN` into the statement anew at each execution, which on a short statement takes as
long as the rest of running it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, false, true


def among(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column IN values`: of one value an equality, which is the usual reach of somebody; of none nothing."""
    if not values:
        return false()
    if len(values) == 1:
        only: ColumnElement[bool] = column == next(iter(values))
        return only
    return column.in_(values)


def none_of(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """`column NOT IN values`, for the few values of a closed vocabulary."""
    return and_(true(), *(column != value for value in values))
