"""Removes from the files of the database what was changed or deleted: tables are written anew, the log is emptied."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

ERASED = "erased"
"""A transaction announces this where nothing of what it deleted or emptied may stay in the files."""
LOOKS, PAUSE = 600, 0.1
"""How often it is looked for earlier transactions at most, and the seconds between two looks."""
SAMPLES = "VACUUM (FULL) pg_statistic"
"""Writes the table of PostgreSQL anew in which it keeps samples."""
LOG_WAITS = 100
"""Milliseconds for which emptying the log waits for a reader; nobody else writes meanwhile."""


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
    _vacuum(connection, f"VACUUM (FULL, ANALYZE) {', '.join(tables)}", SAMPLES)


def sample_nothing(connection: Connection) -> None:
    """Let PostgreSQL keep no samples of encrypted columns: they would outlive the rows that were erased.

    Those that it has go: it drops them where a column gets a type, even the one that it has.
    """
    if connection.dialect.name != "postgresql":
        return
    with connection.begin():
        found = connection.execute(_SAMPLED).all()
        for table, column in found:
            change = f'ALTER COLUMN "{column}" TYPE bytea, ALTER COLUMN "{column}" SET STATISTICS 0'
            connection.exec_driver_sql(f'ALTER TABLE "{table}" {change}')
    if found:
        _vacuum(connection, SAMPLES)


def _vacuum(connection: Connection, *statements: str) -> None:
    """Run each of these outside of a transaction, when nobody is left who began before it."""
    connection.execution_options(isolation_level="AUTOCOMMIT")
    for statement in statements:
        _wait_for_earlier(connection)
        connection.exec_driver_sql(statement)
    connection.commit()
    connection.execution_options(isolation_level=connection.default_isolation_level)


def _wait_for_earlier(connection: Connection) -> None:
    """Wait for the transactions that run now: a table written anew keeps the old rows that one of them still sees.

    Those of other databases too, because they make the view of a later transaction older. PostgreSQL samples by itself
    at any time, and a sampler reads before it takes the lock of a table.
    """
    earlier = set(connection.execute(_RUNNING).scalars())
    for _ in range(LOOKS):
        if earlier.isdisjoint(connection.execute(_RUNNING).scalars()):
            return
        time.sleep(PAUSE)


_RUNNING = text(
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'virtualxid' AND granted AND pid <> pg_backend_pid()"
)
"""By their locks: those who may not see others' sessions see these."""

_SAMPLED = text(
    "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.atttypid = 'bytea'::regtype"
    " AND a.attnum > 0 AND NOT a.attisdropped AND coalesce(a.attstattarget, -1) <> 0 ORDER BY 1, 2"
)


def empty_log(connection: Connection) -> bool:
    """Bring the log of SQLite into its file and cut it to nothing; False = somebody still reads an older state.

    Outside of a transaction.
    """
    driver = driver_of(connection)
    (waits,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout={LOG_WAITS}").fetchall()
    try:
        is_busy, _pages, _done = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        driver.execute(f"PRAGMA busy_timeout={waits}").fetchall()
    return not is_busy


def driver_of(connection: Connection) -> Any:
    """The connection of Python's sqlite3, for what has to run outside of a transaction."""
    return connection.connection.driver_connection
