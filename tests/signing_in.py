"""Signing in at one go for tests of the desk; the web does the same in three steps, so that no writer waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.staff.passwords import verify_password
from desk.staff.queries import credentials
from desk.staff.refusals import TooManyTries, WrongCredentials
from desk.staff.second_factor import SECONDS, code_at
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


def code_by_a_standing_clock(secret: str, *, said: int, now: datetime) -> str:
    """The code for the `said`-th sign-in of an account, of at most three: no code is taken twice.

    They begin with the step before: the clock of a phone may be so much off.
    """
    return code_at(secret, now=now + timedelta(seconds=SECONDS) * (said - 2))
