"""Keeping others from changing one thing until the transaction ends, for whoever compares before writing."""

from __future__ import annotations

from sqlalchemy import bindparam, func, select

from desk.storage.base import WriteSession

_HOLD = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("subject"), 0)))


def hold(session: WriteSession, *, subject: str) -> None:
    """Wait until no other transaction holds `subject`, such as `office:7`, and hold it until this one ends.

    What is read afterwards is what the one before left. SQLite writes one transaction at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"subject": subject})
