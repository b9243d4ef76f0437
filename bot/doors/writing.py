"""The difference between a door that may act and one that only looks."""

from __future__ import annotations

from desk.storage.base import ReadSession, WriteSession


def writable(session: WriteSession | ReadSession) -> WriteSession:
    """The session as one that may write. Raises `TypeError` for a door opened for reading (a notice being composed)."""
    if not isinstance(session, WriteSession):
        raise TypeError("This door was opened for looking only.")
    return session
