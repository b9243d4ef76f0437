"""Finds the sentence for an expected failure of a command; other failures keep their traceback."""

from __future__ import annotations

from pathlib import Path

POOLED = ("unsupported startup parameter", "prepared statement ")
"""Parts of errors of PostgreSQL or a pooler that does not pass our settings on."""
POOLER = (
    "The database stands behind a pooler that does not serve us: in PgBouncer set pool_mode = session and "
    "ignore_startup_parameters = lock_timeout,statement_timeout,idle_in_transaction_session_timeout, "
    "or name the database's own address in MIZBAN_DATABASE_URL."
)


class Trouble(Exception):
    """A command cannot be done; the text is the sentence for the operator."""


def explain(error: Exception) -> str | None:
    """A sentence without secrets, or None for an error of ours; modules are imported only after a failure."""
    from desk.refusals import Refusal
    from mizban.settings import WrongSetting

    if isinstance(error, Trouble | WrongSetting):
        return str(error)
    if isinstance(error, Refusal):
        return error.explanation
    if isinstance(error, PermissionError):
        return f"The file {_name(error)} may not be opened by this user."
    return _database(error)


def _database(error: Exception) -> str | None:
    from sqlalchemy.exc import DBAPIError

    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    if any(sign in str(cause) for sign in POOLED):
        return POOLER
    if isinstance(cause, OSError) or type(cause).__module__.startswith("asyncpg"):
        return f"The database cannot be used: {type(cause).__name__}. Check MIZBAN_DATABASE_URL and that it is running."
    if isinstance(error, DBAPIError):
        return f"The database refused: {str(error.orig).splitlines()[0]}."
    return None


def _name(error: OSError) -> str:
    return Path(str(error.filename)).name if error.filename else "needed"
