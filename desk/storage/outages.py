"""Tells an outage of the database from a statement that will always fail."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of PostgreSQL's SQLSTATE: connection, rollback, resources, locks and time-outs, an operator, the system."""


def is_outage(error: BaseException) -> bool:
    """True = the same transaction may succeed later; False = it would fail again.

    Errors while connecting come from the driver itself, not wrapped by SQLAlchemy.
    """
    if isinstance(error, OSError | NoFreeConnection | asyncpg.InterfaceError):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
            return True
        state = getattr(error.orig, "sqlstate", None)
    else:
        state = getattr(error, "sqlstate", None)
    return isinstance(state, str) and state.startswith(PASSING)
