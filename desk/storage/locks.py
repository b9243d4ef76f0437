"""Locks on a subject until the transaction ends, for callers that compare before they write."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from desk.storage.base import WriteSession

_HOLD = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("subject"), 0)))


def hold(session: WriteSession, *, subject: str) -> None:
    """Wait until no other transaction holds `subject`, such as `office:7`, and hold it until this one ends.

    Values read afterwards are the committed ones. SQLite runs one write transaction at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"subject": subject})
