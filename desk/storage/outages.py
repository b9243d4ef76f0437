"""Telling a database that can't be reached just now from a statement that will never be right."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of PostgreSQL's SQLSTATE: connection, rollback, resources, locks and time-outs, an operator, the system."""


def is_outage(error: BaseException) -> bool:
    """True = the same transaction may succeed later; False = it fails each time, so trying again helps nobody.

    While a connection is being made the driver's errors come as they are, not in SQLAlchemy's wrapping.
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
