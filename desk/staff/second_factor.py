"""The second factor of an account: codes of an app on a phone, each taken once, and recovery codes for its loss.

A code is six digits that change every half minute (TOTP, RFC 6238). The secret behind them is encrypted; a new one
counts only after a code of it was said. Ten recovery codes open the account once each where there is no phone.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from desk.acting import NOTHING, Actor, OutOfReach, Permission
from desk.events import actions as events
from desk.reading.folding import ascii_digits
from desk.staff.models import RecoveryCode, StaffMember, StaffPasskey, StaffTotp
from desk.staff.refusals import NotYourStaff
from desk.staff.sign_in import end_sessions, forget_devices_of
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of

SECONDS = 30
AROUND = (0, -1, 1)
"""Steps of time whose codes are taken: the clock of a phone may be half a minute off."""
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not confused when copied by hand."""
GROUPS = 6
IN_A_GROUP = 4
"""Together 24 letters, which nobody can try through: 118 bits. Codes of 12 letters made before open once too."""
ISSUER = "Mizban"

SECRET = "staff_totp.secret"  # noqa: S105  # the name of a column
NEW_SECRET = "staff_totp.new_secret"  # noqa: S105  # the name of a column
RECOVERY = "staff_recovery"

_members = table_of(StaffMember)
_totp = table_of(StaffTotp)
_codes = table_of(RecoveryCode)
_passkeys = table_of(StaffPasskey)


def address_of(secret: str, *, username: str) -> str:
    """The `otpauth:` address that a QR code carries into the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def code_at(secret: str, *, now: datetime) -> str:
    """The code that the app shows now."""
    return pyotp.TOTP(secret).at(now)


def step_of(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """The step of time that this code belongs to; None = it is not right now, or not later than the step `after`."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // SECONDS
    said = "".join(sign for sign in ascii_digits(code) if sign.isdigit())
    for step in (present + offset for offset in AROUND):
        if step > after and compare_digest(totp.generate_otp(step), said):
            return step
    return None


def begin(session: WriteSession, *, staff_id: int) -> str:
    """Make a new secret, which counts after `confirm`; the one that counts until then stays."""
    secret = pyotp.random_base32()
    session.execute(
        insert_or_update(session, StaffTotp, unique=("staff_id",), updates=("new_secret",)),
        {
            "staff_id": staff_id,
            "new_secret": session.keys.encrypt(secret, column=NEW_SECRET, row=staff_id),
            "last_step": 0,
        },
    )
    return secret


def confirm(
    session: WriteSession, *, staff_id: int, code: str, keep_token_hash: str, now: datetime
) -> tuple[str, ...] | None:
    """Let the new secret count, end all other sessions, and return the recovery codes; None = the code is not right."""
    row = session.execute(select(_totp.c.new_secret).where(_totp.c.staff_id == staff_id).with_for_update()).first()
    if row is None or row.new_secret is None:
        return None
    secret = session.keys.decrypt(row.new_secret, column=NEW_SECRET, row=staff_id)
    step = step_of(secret, code, after=0, now=now)
    if step is None:
        return None
    _keep(session, staff_id=staff_id, secret=secret, last_step=step, now=now)
    end_sessions(session, member_id=staff_id, except_token_hash=keep_token_hash)
    _note(session, "staff.factor_set", staff_id, now)
    return new_recovery_codes(session, staff_id=staff_id)


def enrol(session: WriteSession, *, staff_id: int, secret: str, now: datetime) -> None:
    """Give an account this secret, as a demonstration does."""
    session.execute(
        insert_or_update(session, StaffTotp, unique=("staff_id",), updates=("last_step",)),
        {"staff_id": staff_id, "last_step": 0},
    )
    _keep(session, staff_id=staff_id, secret=secret, last_step=0, now=now)


def _keep(session: WriteSession, *, staff_id: int, secret: str, last_step: int, now: datetime) -> None:
    kept = session.keys.encrypt(secret, column=SECRET, row=staff_id)
    session.execute(
        update(_totp).where(_totp.c.staff_id == staff_id).values(secret=kept, new_secret=None, last_step=last_step)
    )
    session.execute(update(_members).where(_members.c.id == staff_id).values(second_factor_at=now))


def new_recovery_codes(session: WriteSession, *, staff_id: int) -> tuple[str, ...]:
    """Ten new recovery codes in the place of all before; only their keyed marks are stored."""
    made = tuple(
        "-".join("".join(secrets.choice(LETTERS) for _sign in range(IN_A_GROUP)) for _group in range(GROUPS))
        for _code in range(RECOVERY_CODES)
    )
    session.execute(delete(_codes).where(_codes.c.staff_id == staff_id))
    session.execute(
        insert(_codes),
        [{"staff_id": staff_id, "mark": session.keys.named_mark(RECOVERY, _bare(code, staff_id))} for code in made],
    )
    return made


def _bare(code: str, staff_id: int) -> str:
    """A recovery code as it is marked, however it was typed."""
    signs = "".join(sign for sign in ascii_digits(code).casefold() if sign.isalnum())
    return f"{staff_id}:{signs}"


def is_right(session: WriteSession, *, staff_id: int, code: str, now: datetime) -> bool:
    """Whether the code is right; it is used up by that."""
    row = session.execute(
        select(_totp.c.secret, _totp.c.last_step).where(_totp.c.staff_id == staff_id).with_for_update()
    ).first()
    if row is not None and row.secret is not None:
        secret = session.keys.decrypt(row.secret, column=SECRET, row=staff_id)
        step = step_of(secret, code, after=row.last_step, now=now)
        if step is not None:
            session.execute(update(_totp).where(_totp.c.staff_id == staff_id).values(last_step=step))
            return True
    marks = session.keys.named_marks(RECOVERY, _bare(code, staff_id))
    used = session.execute(
        update(_codes)
        .where(_codes.c.staff_id == staff_id, _codes.c.mark.in_(marks), _codes.c.used_at.is_(None))
        .values(used_at=now)
        .returning(_codes.c.mark)
    ).first()
    if used is None:
        return False
    _note(session, "staff.recovery_code_used", staff_id, now)
    return True


def codes_left(session: Session, *, staff_id: int) -> int:
    """The number of recovery codes that were not used."""
    left = select(func.count()).select_from(_codes).where(_codes.c.staff_id == staff_id, _codes.c.used_at.is_(None))
    return session.scalar(left) or 0


def renew_recovery_codes(session: WriteSession, *, staff_id: int, now: datetime) -> tuple[str, ...]:
    """New recovery codes for somebody who has the app."""
    _note(session, "staff.recovery_codes_renewed", staff_id, now)
    return new_recovery_codes(session, staff_id=staff_id)


def remove(session: WriteSession, *, staff_id: int, now: datetime) -> None:
    """Take the codes of the app away; the caller asks whether the roles of the account allow that.

    Passkeys stay, and with them the second factor.
    """
    session.execute(delete(_totp).where(_totp.c.staff_id == staff_id))
    if session.scalar(select(func.count()).select_from(_passkeys).where(_passkeys.c.staff_id == staff_id)) == 0:
        forget_recovery_codes(session, staff_id=staff_id)
        session.execute(update(_members).where(_members.c.id == staff_id).values(second_factor_at=None))
    _note(session, "staff.factor_removed", staff_id, now)


def reset(session: WriteSession, *, member_id: int, actor: Actor, now: datetime) -> None:
    """Take the second factor of a lost phone away, end all sessions and know no browser: done on the machine alone.

    Raises:
        OutOfReach: the actor is not the command line. NotYourStaff: there is no such account.
    """
    if not actor.is_system:
        raise OutOfReach(Permission.STAFF_WRITE)
    if session.scalar(select(_members.c.id).where(_members.c.id == member_id)) is None:
        raise NotYourStaff(member_id)
    _forget(session, staff_id=member_id)
    end_sessions(session, member_id=member_id)
    forget_devices_of(session, member_id=member_id)
    events.note(session, actor=actor, kind="staff.factor_reset", subject=f"staff:{member_id}", now=now)


def _forget(session: WriteSession, *, staff_id: int) -> None:
    forget_recovery_codes(session, staff_id=staff_id)
    session.execute(delete(_totp).where(_totp.c.staff_id == staff_id))
    session.execute(delete(_passkeys).where(_passkeys.c.staff_id == staff_id))
    session.execute(update(_members).where(_members.c.id == staff_id).values(second_factor_at=None, has_passkey=False))


def forget_recovery_codes(session: WriteSession, *, staff_id: int) -> None:
    """Delete those of an account."""
    session.execute(delete(_codes).where(_codes.c.staff_id == staff_id))


def _note(session: WriteSession, kind: str, staff_id: int, now: datetime) -> None:
    """The person did it to their own account."""
    events.note(session, actor=Actor.staff(staff_id, NOTHING), kind=kind, subject=f"staff:{staff_id}", now=now)


__all__: Sequence[str] = (
    "address_of",
    "begin",
    "code_at",
    "codes_left",
    "confirm",
    "enrol",
    "is_right",
    "remove",
    "renew_recovery_codes",
    "reset",
    "step_of",
)
