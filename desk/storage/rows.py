"""Columns of a statement in the order in which a row type takes them, so that no row is read by position."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

from sqlalchemy import ColumnElement, Label


def columns_for(
    row_type: Callable[..., Any], /, *columns: ColumnElement[Any], **named: ColumnElement[Any]
) -> tuple[Label[Any], ...]:
    """The columns that `row_type(*row)` takes, each under the name of its parameter and in the order of these.

    `columns` have the names of their parameters already. A whole row is taken at once because reading a row of
    SQLAlchemy by name, value after value, takes twice as long.

    Raises:
        TypeError: a parameter has no column or two, or a column no parameter. Called where a module builds its
            statements, this is raised when the module is imported.
    """
    given: dict[str, ColumnElement[Any]] = {}
    for name, column in [*((str(getattr(each, "name", None)), each) for each in columns), *named.items()]:
        if name in given:
            raise TypeError(f"{row_type.__qualname__}: two columns for {name}")
        given[name] = column
    parameters = signature(row_type).parameters.values()
    wanted = [each.name for each in parameters if each.name in given or each.default is Parameter.empty]
    if set(wanted) != given.keys():
        raise TypeError(f"{row_type.__qualname__}: no column or no parameter: {sorted(set(wanted) ^ given.keys())}")
    return tuple(given[name].label(name) for name in wanted)
