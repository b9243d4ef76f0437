"""The sessions of one account: where its owner is signed in, and ending those that are not theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from desk.acting import NOTHING, Actor
from desk.events import actions as events
from desk.staff.models import StaffSession
from desk.staff.sign_in import end_sessions
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

NAME = 24
"""Letters of a session's name: the beginning of the hash of its token, which opens nothing."""

_sessions = table_of(StaffSession)
_OF_MEMBER = (
    select(
        _sessions.c.token_hash,
        _sessions.c.created_at,
        _sessions.c.seen_at,
        _sessions.c.browser,
        _sessions.c.machine,
    )
    .where(
        _sessions.c.staff_id == bindparam("staff_id"),
        _sessions.c.expires_at > bindparam("now"),
        ~_sessions.c.awaits_code,
    )
    .order_by(_sessions.c.seen_at.desc(), _sessions.c.token_hash)
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its owner sees it; browser and machine are codes, empty where they are not known."""

    name: str
    token_hash: str
    created_at: datetime
    seen_at: datetime
    browser: str
    machine: str


def sessions_of(session: Session, *, staff_id: int, now: datetime) -> list[SessionRow]:
    """The sessions of an account, the one used last first."""
    found = session.execute(_OF_MEMBER, {"staff_id": staff_id, "now": now})
    return [SessionRow(row.token_hash[:NAME], *row) for row in found]


def end_one(session: WriteSession, *, staff_id: int, name: str, now: datetime) -> bool:
    """End the session of this name, if it is one of the account's; returns whether one was ended."""
    if len(name) != NAME:
        return False
    ended = session.execute(
        delete(_sessions)
        .where(_sessions.c.staff_id == staff_id, _sessions.c.token_hash.startswith(name, autoescape=True))
        .returning(_sessions.c.token_hash)
    ).first()
    if ended is not None:
        _note(session, staff_id, 1, now)
    return ended is not None


def end_others(session: WriteSession, *, staff_id: int, keep_token_hash: str, now: datetime) -> int:
    """End all sessions of the account but this one; returns their number."""
    ended = end_sessions(session, member_id=staff_id, except_token_hash=keep_token_hash)
    if ended:
        _note(session, staff_id, ended, now)
    return ended


def _note(session: WriteSession, staff_id: int, number: int, now: datetime) -> None:
    member = Actor.staff(staff_id, NOTHING)
    subject = f"staff:{staff_id}"
    events.note(session, actor=member, kind="staff.sessions_ended", subject=subject, data={"number": number}, now=now)
