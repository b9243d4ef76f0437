"""Counts wrong passwords, and locks the account, the known browser or the session in which they were said.

A browser in which somebody signed in before has a lane of its own: strangers who try the account's password lock out
strangers, never its owner.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select, update

from desk.acting import NOTHING, SYSTEM, Actor
from desk.events import actions as events
from desk.staff.models import StaffDevice, StaffMember, StaffSession
from desk.staff.queries import SignedInStaff
from desk.staff.refusals import TooManyTries
from desk.staff.rules import TRIES_BEFORE_LOCK, hash_token, lock_after
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_members = table_of(StaffMember)
_devices = table_of(StaffDevice)
_sessions = table_of(StaffSession)

FAILED = "staff.signin_failed"
UNKNOWN = "staff:0"
"""The subject of a try with a name that is no account; the name is not kept: people type passwords into its field."""

_WRITE_AS_IT_WAS = (
    update(_members)
    .where(_members.c.id == select(func.min(_members.c.id)).scalar_subquery())
    .values(failed_sign_ins=_members.c.failed_sign_ins)
)


def note_unknown_name(session: WriteSession, *, is_noted: bool, now: datetime) -> None:
    """Write as much as for an account: a missing write would show that there is none.

    The count is kept in `desk.staff.strangers`, which also bounds how often this is written into the history.
    """
    session.execute(_WRITE_AS_IT_WAS)
    if is_noted:
        events.note(session, actor=SYSTEM, kind=FAILED, subject=UNKNOWN, data={"step": "password"}, now=now)


def note_wrong_password(
    session: WriteSession, *, staff_id: int, device_hash: str | None = None, step: str = "password", now: datetime
) -> None:
    """Count a wrong password; each fifth in a row locks the lane it was said in (`rules.lock_after`).

    `device_hash` is that of a browser known for this account; None = anybody else's. `step` tells the history what was
    wrong: `password` or `code`.

    Raises:
        TooManyTries: the lane was locked while the password was being checked; `open_session` says the same then, or
            many tries at one moment would tell which of them was right.
    """
    lane: Table = _members
    of_lane: ColumnElement[bool] = _members.c.id == staff_id
    if device_hash is not None:
        lane, of_lane = _devices, and_(_devices.c.staff_id == staff_id, _devices.c.token_hash == device_hash)
    failed = session.execute(
        update(lane)
        .where(of_lane, or_(lane.c.locked_until.is_(None), lane.c.locked_until <= now))
        .values(failed_sign_ins=lane.c.failed_sign_ins + 1)
        .returning(lane.c.failed_sign_ins)
    ).scalar_one_or_none()
    if failed is None:
        locked_until = session.scalar(select(lane.c.locked_until).where(of_lane))
        if locked_until is not None and locked_until > now:
            raise TooManyTries(locked_until)
        return
    said: dict[str, Any] = {"step": step, "is_known_browser": device_hash is not None}
    events.note(session, actor=SYSTEM, kind=FAILED, subject=f"staff:{staff_id}", data=said, now=now)
    lock = lock_after(failed)
    if lock is not None:
        session.execute(update(lane).where(of_lane).values(locked_until=now + lock))
        events.note(
            session,
            actor=SYSTEM,
            kind="staff.locked",
            subject=f"staff:{staff_id}",
            data={"minutes": int(lock.total_seconds() // 60), "is_known_browser": device_hash is not None},
            now=now,
        )


def note_wrong_code(session: WriteSession, *, half: SignedInStaff, device: str | None, now: datetime) -> bool:
    """Count a wrong code after a right password, in the lane of the sign-in; returns whether to begin anew.

    Raises:
        TooManyTries: the lane is locked.
    """
    device_hash = hash_token(device) if device else None
    known = session.scalar(
        select(_devices.c.token_hash).where(_devices.c.staff_id == half.staff_id, _devices.c.token_hash == device_hash)
    )
    note_wrong_password(session, staff_id=half.staff_id, device_hash=known, step="code", now=now)
    return _count_in_session(session, token_hash=half.token_hash)


def note_wrong_answer(session: WriteSession, *, staff_id: int, token_hash: str, step: str, now: datetime) -> bool:
    """Count a wrong password or code that a signed-in person said; returns whether this session has ended by it.

    The fifth ends it. The account is not locked: with a stolen cookie its owner could be locked out.
    """
    has_ended = _count_in_session(session, token_hash=token_hash)
    member = Actor.staff(staff_id, NOTHING)
    said = {"step": step, "has_ended": has_ended}
    events.note(session, actor=member, kind=FAILED, subject=f"staff:{staff_id}", data=said, now=now)
    return has_ended


def _count_in_session(session: WriteSession, *, token_hash: str) -> bool:
    wrong = session.execute(
        update(_sessions)
        .where(_sessions.c.token_hash == token_hash)
        .values(wrong_answers=_sessions.c.wrong_answers + 1)
        .returning(_sessions.c.wrong_answers)
    ).scalar_one_or_none()
    has_ended = wrong is None or wrong >= TRIES_BEFORE_LOCK
    if has_ended:
        session.execute(delete(_sessions).where(_sessions.c.token_hash == token_hash))
    return has_ended
