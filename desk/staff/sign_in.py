"""Signing in and out: sessions, the count of wrong passwords, and the lock that grows with it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update

from desk.acting import NOTHING, SYSTEM, Actor
from desk.events import actions as events
from desk.staff.models import StaffMember, StaffSession
from desk.staff.queries import SignedInStaff
from desk.staff.queries import session as session_of
from desk.staff.refusals import TooManyTries, WrongCredentials
from desk.staff.rules import hash_token, lock_after, session_end
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import table_of

_members = table_of(StaffMember)
_sessions = table_of(StaffSession)

_WRITE_AS_IT_WAS = (
    update(_members)
    .where(_members.c.id == select(func.min(_members.c.id)).scalar_subquery())
    .values(failed_sign_ins=_members.c.failed_sign_ins)
)

TOUCH_EVERY = timedelta(minutes=1)
"""The end of a session is moved at most this often, so that most page requests need no write."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the token goes into the cookie and is not stored."""

    token: str
    staff: SignedInStaff


def open_session(session: WriteSession, *, staff_id: int, now: datetime) -> SignedIn:
    """Open a session after the right password, and reset the count of wrong ones.

    Raises:
        TooManyTries: the account was locked while the password was being checked.
        WrongCredentials: the account has been closed.
    """
    locked_until = session.execute(
        select(_members.c.locked_until).where(_members.c.id == staff_id, _members.c.is_active).with_for_update()
    ).first()
    if locked_until is None:
        raise WrongCredentials
    if locked_until[0] is not None and locked_until[0] > now:
        raise TooManyTries(locked_until[0])
    token = secrets.token_urlsafe(32)
    session.execute(
        update(_members).where(_members.c.id == staff_id).values(failed_sign_ins=0, locked_until=None, signed_in_at=now)
    )
    session.execute(delete(_sessions).where(_sessions.c.staff_id == staff_id, _sessions.c.expires_at <= now))
    session.execute(
        insert(_sessions).values(
            token_hash=hash_token(token),
            staff_id=staff_id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=session_end(created_at=now, now=now),
        )
    )
    staff = session_of(session, token=token, now=now)
    if staff is None:
        raise RuntimeError("a session that was just opened is not there")
    events.note(session, actor=staff.actor, kind="staff.sign_in", subject=f"staff:{staff_id}", now=now)
    return SignedIn(token, staff)


def note_wrong_password(session: WriteSession, *, staff_id: int | None, now: datetime) -> None:
    """Count a wrong password; each fifth in a row locks the account (`rules.lock_after`).

    For None, an unknown name, nothing is counted here (see `desk.staff.strangers`), but as much is written: a missing
    write would show that there is no such account.

    Raises:
        TooManyTries: the account was locked while the password was being checked; `open_session` says the same
            then, or many tries at one moment would tell which of them was right.
    """
    if staff_id is None:
        session.execute(_WRITE_AS_IT_WAS)
        return
    failed = session.execute(
        update(_members)
        .where(_members.c.id == staff_id, or_(_members.c.locked_until.is_(None), _members.c.locked_until <= now))
        .values(failed_sign_ins=_members.c.failed_sign_ins + 1)
        .returning(_members.c.failed_sign_ins)
    ).scalar_one_or_none()
    if failed is None:
        locked_until = session.scalar(select(_members.c.locked_until).where(_members.c.id == staff_id))
        if locked_until is not None and locked_until > now:
            raise TooManyTries(locked_until)
        return
    lock = lock_after(failed)
    if lock is not None:
        session.execute(update(_members).where(_members.c.id == staff_id).values(locked_until=now + lock))
        events.note(
            session,
            actor=SYSTEM,
            kind="staff.locked",
            subject=f"staff:{staff_id}",
            data={"minutes": int(lock.total_seconds() // 60)},
            now=now,
        )


def touch(session: WriteSession, *, token_hash: str, now: datetime) -> bool:
    """Move the end of a session that is in use; returns False when it has ended."""
    created_at = session.scalar(
        select(_sessions.c.created_at).where(_sessions.c.token_hash == token_hash, _sessions.c.expires_at > now)
    )
    if created_at is None:
        return False
    session.execute(
        update(_sessions)
        .where(_sessions.c.token_hash == token_hash)
        .values(seen_at=now, expires_at=session_end(created_at=created_at, now=now))
    )
    return True


def wants_touch(staff: SignedInStaff, *, now: datetime) -> bool:
    """Whether the session's last `touch` is old enough for another write."""
    return now - staff.seen_at >= TOUCH_EVERY


def sign_out(session: WriteSession, *, token_hash: str, now: datetime) -> None:
    """End this session; other sessions of the account go on."""
    staff_id = session.execute(
        delete(_sessions).where(_sessions.c.token_hash == token_hash).returning(_sessions.c.staff_id)
    ).scalar_one_or_none()
    if staff_id is not None:
        member = Actor.staff(staff_id, NOTHING)
        events.note(session, actor=member, kind="staff.sign_out", subject=f"staff:{staff_id}", now=now)


def end_sessions(session: WriteSession, *, member_id: int, except_token_hash: str | None = None) -> int:
    """End all sessions of an account, or all but one; returns their number."""
    statement = delete(_sessions).where(_sessions.c.staff_id == member_id)
    if except_token_hash is not None:
        statement = statement.where(_sessions.c.token_hash != except_token_hash)
    return session.connection().execute(statement).rowcount


def forget_sessions(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete ended sessions; returns their number."""
    return delete_some(session, _sessions, _sessions.c.expires_at <= now, limit=limit)
