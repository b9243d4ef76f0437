"""The last day that is open for booking, by the clock of an office, computed by either database.

SQLite knows no time zones: there it is a function of ours, which each connection is given (`desk.storage.engine`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from desk.values import zone_named

NAME = "last_open_day"


class last_open_day(GenericFunction[date]):  # named as in SQL
    """The last of `days` days ahead of the local day at `instant`, where a day begins `minutes` after midnight.

    NULL where one of them is NULL.
    """

    type = Date()
    inherit_cache = True

    def __init__(
        self,
        zone: ColumnElement[Any],
        instant: ColumnElement[Any],
        days: ColumnElement[Any],
        minutes: ColumnElement[Any],
    ) -> None:
        super().__init__(zone, instant, days, minutes)


@compiles(last_open_day, "postgresql")
def _postgresql(element: last_open_day, compiler: SQLCompiler, **given: Any) -> str:
    zone, instant, days, minutes = (compiler.process(each, **given) for each in element.clauses)
    clock = f"timezone({zone}, {instant}) - make_interval(mins => CAST({minutes} AS INTEGER))"
    return f"(CAST({clock} AS DATE) + CAST({days} AS INTEGER))"


def for_sqlite(zone: str | None, instant: str | None, days: int | None, minutes: int | None) -> str | None:
    """The function as SQLite calls it, with its own texts for the moment and the day."""
    if zone is None or instant is None or days is None or minutes is None:
        return None
    clock = datetime.fromisoformat(instant).replace(tzinfo=UTC).astimezone(zone_named(zone)).replace(tzinfo=None)
    return ((clock - timedelta(minutes=minutes)).date() + timedelta(days=days)).isoformat()
