"""The hour in which a moment lies, computed by either database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from desk.storage.types import UtcDateTime


class hour(GenericFunction[datetime]):  # named as in SQL
    """The beginning of the UTC hour of a column that holds moments."""

    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, moment: ColumnElement[Any]) -> None:
        super().__init__(moment)


@compiles(hour, "sqlite")
def _sqlite(element: hour, compiler: SQLCompiler, **given: Any) -> str:
    return f"strftime('%Y-%m-%d %H:00:00.000000', {compiler.process(element.clauses, **given)})"


@compiles(hour, "postgresql")
def _postgresql(element: hour, compiler: SQLCompiler, **given: Any) -> str:
    return f"date_trunc('hour', {compiler.process(element.clauses, **given)}, 'UTC')"
