"""Writes a whole database anew, so that values that were changed or deleted are no longer in its files."""

from __future__ import annotations

from sqlalchemy import Connection


def scrub(connection: Connection) -> None:
    """Rewrite every table and empty the log. Outside of a transaction; it takes as long as copying the database.

    PostgreSQL also keeps samples of the values of a column, in a table of its own. Its log is not emptied: what was
    archived of it is the operator's to destroy.
    """
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101  # the type of an open connection allows for a closed one
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            driver.execute(statement).fetchall()
        return
    before = connection.get_isolation_level()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    try:
        for statement in ("VACUUM (FULL, ANALYZE)", "VACUUM (FULL) pg_statistic", "CHECKPOINT"):
            connection.exec_driver_sql(statement)
    finally:
        connection.execution_options(isolation_level=before)
