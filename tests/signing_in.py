"""Signing in at one go for tests of the desk; the web does the same in three steps, so that no writer waits."""

from __future__ import annotations

from datetime import datetime

from desk.staff.passwords import verify_password
from desk.staff.queries import credentials
from desk.staff.refusals import TooManyTries, WrongCredentials
from desk.staff.sign_in import SignedIn, open_session
from desk.staff.tries import note_wrong_password
from desk.storage.base import WriteSession


def sign_in(
    session: WriteSession, *, username: str, password: str, now: datetime
) -> SignedIn | WrongCredentials | TooManyTries:
    """Check the password and open a session.

    The refusals are returned, not raised: the count of wrong passwords has to be committed.
    """
    try:
        known = credentials(session, username=username, now=now)
        right = verify_password(known.password_hash, password)
        if right and known.staff_id is not None:
            return open_session(session, staff_id=known.staff_id, now=now)
        if known.staff_id is not None:
            note_wrong_password(session, staff_id=known.staff_id, now=now)
    except (TooManyTries, WrongCredentials) as refusal:
        return refusal
    return WrongCredentials()
