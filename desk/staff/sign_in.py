"""Opening, renewing and ending sessions of the back office."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, update

from desk.acting import NOTHING, Actor
from desk.events import actions as events
from desk.staff.models import StaffDevice, StaffMember, StaffSession
from desk.staff.queries import SignedInStaff
from desk.staff.queries import session as session_of
from desk.staff.refusals import PasswordOutlived, TooManyTries, WrongCredentials
from desk.staff.rules import HALFWAY_LIMIT, hash_token, session_end
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_or_update, table_of

_members = table_of(StaffMember)
_sessions = table_of(StaffSession)
_devices = table_of(StaffDevice)

TOUCH_EVERY = timedelta(minutes=1)
"""The end of a session is moved at most this often, so that most page requests need no write."""
DEVICE_KEPT = timedelta(days=180)
"""How long a browser is known after its last sign-in."""

_OF_MEMBER = (
    select(
        _members.c.locked_until,
        _members.c.password_until,
        _members.c.second_factor_at,
        _devices.c.token_hash.label("device"),
        _devices.c.locked_until.label("device_locked_until"),
    )
    .join(
        _devices,
        and_(_devices.c.staff_id == _members.c.id, _devices.c.token_hash == bindparam("device")),
        isouter=True,
    )
    .where(_members.c.id == bindparam("staff_id"), _members.c.is_active)
    .with_for_update(of=_members)
)
_KNOWN = select(exists().where(_devices.c.token_hash == bindparam("device")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """The browser in which somebody signs in, as far as it is kept."""

    device: str | None = None
    """The random cookie by which it is known; None = it has none yet."""
    replaces: str | None = None
    """The token of the session it held until now."""
    kind: str = ""
    machine: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; token and device go into cookies, and only their hashes are stored."""

    token: str
    staff: SignedInStaff
    device: str | None = None
    elsewhere: int = 0
    """The number of other sessions of the account that go on."""


def open_session(
    session: WriteSession, *, staff_id: int, browser: Browser | None = None, asks_code: bool = False, now: datetime
) -> SignedIn:
    """Open a session after the right password, reset the count of wrong ones, and end what this browser held before.

    With `asks_code` an account with a second factor gets a session in which only its code can be said, for ten
    minutes; `whole_session` opens the rest.

    Raises:
        TooManyTries: the account was locked while the password was being checked; for a browser that is known only
            its own tries count.
        WrongCredentials: the account has been closed.
        PasswordOutlived: somebody else set the password, too long ago.
    """
    given = hash_token(browser.device) if browser is not None and browser.device else None
    found = session.execute(_OF_MEMBER, {"staff_id": staff_id, "device": given}).first()
    if found is None:
        raise WrongCredentials
    is_known = found.device is not None
    locked_until = found.device_locked_until if is_known else found.locked_until
    if locked_until is not None and locked_until > now:
        raise TooManyTries(locked_until)
    if found.password_until is not None and found.password_until <= now:
        raise PasswordOutlived
    if asks_code and found.second_factor_at is not None:
        return _open_halfway(session, staff_id=staff_id, browser=browser or Browser(), now=now)
    right = {"signed_in_at": now} if is_known else {"signed_in_at": now, "failed_sign_ins": 0, "locked_until": None}
    session.execute(update(_members).where(_members.c.id == staff_id).values(right))
    device = _keep_device(session, staff_id=staff_id, browser=browser, now=now) if browser is not None else None
    device_hash = hash_token(device) if device else None
    ended = [and_(_sessions.c.staff_id == staff_id, _sessions.c.expires_at <= now)]
    if device_hash is not None:
        ended.append(and_(_sessions.c.staff_id == staff_id, _sessions.c.device_hash == device_hash))
    if browser is not None and browser.replaces:
        ended.append(_sessions.c.token_hash == hash_token(browser.replaces))
    session.execute(delete(_sessions).where(or_(*ended)))
    elsewhere = session.scalar(select(func.count()).select_from(_sessions).where(_sessions.c.staff_id == staff_id)) or 0
    ends = session_end(created_at=now, now=now)
    token = _insert(session, staff_id=staff_id, browser=browser, device_hash=device_hash, ends=ends, now=now)
    staff = _opened(session, token=token, now=now)
    seen_first = {"is_new_browser": True} if browser is not None and not is_known else None
    events.note(session, actor=staff.actor, kind="staff.sign_in", subject=f"staff:{staff_id}", data=seen_first, now=now)
    return SignedIn(token, staff, device, elsewhere)


def _insert(
    session: WriteSession,
    *,
    staff_id: int,
    browser: Browser | None,
    device_hash: str | None = None,
    awaits_code: bool = False,
    ends: datetime,
    now: datetime,
) -> str:
    token = secrets.token_urlsafe(32)
    session.execute(
        insert(_sessions).values(
            token_hash=hash_token(token),
            staff_id=staff_id,
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=ends,
            device_hash=device_hash,
            browser=browser.kind if browser is not None else "",
            machine=browser.machine if browser is not None else "",
            awaits_code=awaits_code,
        )
    )
    return token


def _open_halfway(session: WriteSession, *, staff_id: int, browser: Browser, now: datetime) -> SignedIn:
    if browser.replaces:
        session.execute(delete(_sessions).where(_sessions.c.token_hash == hash_token(browser.replaces)))
    token = _insert(session, staff_id=staff_id, browser=browser, awaits_code=True, ends=now + HALFWAY_LIMIT, now=now)
    return SignedIn(token, _opened(session, token=token, now=now))


def whole_session(session: WriteSession, *, half: SignedInStaff, device: str | None, now: datetime) -> SignedIn:
    """Open the whole session after the right code; the half one ends. Raises as `open_session` does."""
    ended = session.execute(
        delete(_sessions)
        .where(_sessions.c.token_hash == half.token_hash, _sessions.c.awaits_code)
        .returning(_sessions.c.browser, _sessions.c.machine)
    ).first()
    if ended is None:
        raise WrongCredentials
    browser = Browser(device=device, kind=ended.browser, machine=ended.machine)
    return open_session(session, staff_id=half.staff_id, browser=browser, now=now)


def _keep_device(session: WriteSession, *, staff_id: int, browser: Browser, now: datetime) -> str:
    """Know the browser from now on; a cookie that is not one of ours is replaced."""
    device = browser.device
    if not device or not session.scalar(_KNOWN, {"device": hash_token(device)}):
        device = secrets.token_urlsafe(32)
    session.execute(
        insert_or_update(
            session,
            StaffDevice,
            unique=("token_hash", "staff_id"),
            updates=("failed_sign_ins", "locked_until", "used_at"),
        ),
        {
            "token_hash": hash_token(device),
            "staff_id": staff_id,
            "failed_sign_ins": 0,
            "locked_until": None,
            "used_at": now,
        },
    )
    return device


def _opened(session: WriteSession, *, token: str, now: datetime) -> SignedInStaff:
    staff = session_of(session, token=token, now=now)
    if staff is None:
        raise RuntimeError("a session that was just opened is not there")
    return staff


def renew(session: WriteSession, *, token_hash: str, now: datetime) -> SignedIn:
    """Give a session a new token and a new end: a copy of the old one opens nothing any more."""
    token = secrets.token_urlsafe(32)
    session.execute(
        update(_sessions)
        .where(_sessions.c.token_hash == token_hash)
        .values(
            token_hash=hash_token(token),
            csrf_token=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=session_end(created_at=now, now=now),
            proof_hash=None,
            proved_at=None,
            wrong_answers=0,
        )
    )
    return SignedIn(token, _opened(session, token=token, now=now))


def touch(session: WriteSession, *, token_hash: str, now: datetime) -> bool:
    """Move the end of a session that is in use; returns False when it has ended."""
    created_at = session.scalar(
        select(_sessions.c.created_at).where(_sessions.c.token_hash == token_hash, _sessions.c.expires_at > now)
    )
    if created_at is None:
        return False
    session.execute(
        update(_sessions)
        .where(_sessions.c.token_hash == token_hash, ~_sessions.c.awaits_code)
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


def forget_devices_of(session: WriteSession, *, member_id: int) -> None:
    """Know none of the account's browsers any more: the next sign-in in each is a stranger's."""
    session.execute(delete(_devices).where(_devices.c.staff_id == member_id))


def forget_sessions(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete ended sessions; returns their number."""
    return delete_some(session, _sessions, _sessions.c.expires_at <= now, limit=limit)


def forget_devices(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete browsers in which nobody signed in for half a year; returns their number."""
    return delete_some(session, _devices, _devices.c.used_at <= now - DEVICE_KEPT, limit=limit)
