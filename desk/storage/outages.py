"""Telling a database that can't be reached just now from a statement that will never be right."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

PASSING = ("08", "40", "53", "55", "57", "58")
"""Classes of PostgreSQL's SQLSTATE: connection, rollback, resources, locks and time-outs, an operator, the system."""


def is_outage(error: DBAPIError) -> bool:
    """True = the same transaction may succeed later; False = it fails each time, so trying again helps nobody."""
    if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(state, str) and state.startswith(PASSING)
