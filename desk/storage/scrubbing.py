"""Writes tables anew, so that values that were changed or deleted are no longer in the files of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection


def scrub(connection: Connection, tables: Sequence[str]) -> None:
    """Write these tables anew and empty the log. Outside of a transaction; it takes as long as copying them.

    SQLite has one file: all of it is copied. PostgreSQL also keeps samples of the values of a column, in a table of its
    own. Its log is not emptied: what was archived of it is the operator's to destroy.
    """
    if connection.dialect.name == "sqlite":
        driver = driver_of(connection)
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            driver.execute(statement).fetchall()
        return
    connection.execution_options(isolation_level="AUTOCOMMIT")
    for statement in (f"VACUUM (FULL, ANALYZE) {', '.join(tables)}", "VACUUM (FULL) pg_statistic"):
        connection.exec_driver_sql(statement)
    connection.commit()
    connection.execution_options(isolation_level=connection.default_isolation_level)


def driver_of(connection: Connection) -> Any:
    """The connection of Python's sqlite3, for what has to run outside of a transaction."""
    return connection.connection.driver_connection
