"""Passkeys: a key in a phone, computer or stick that proves its owner by finger, face or PIN, in the place of a code.

The challenge of a session is made of its secret and a count: each is taken once, and a page that shows it writes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import bindparam, delete, exists, select, update
from sqlalchemy.orm import Session
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from desk.events import actions as events
from desk.staff.models import StaffMember, StaffPasskey, StaffSession, StaffTotp
from desk.staff.queries import SignedInStaff
from desk.staff.second_factor import ISSUER, forget_recovery_codes
from desk.staff.sign_in import end_sessions
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_if_new, table_of

LONGEST_LABEL = 40
LONGEST_ANSWER = 20_000

_members = table_of(StaffMember)
_sessions = table_of(StaffSession)
_passkeys = table_of(StaffPasskey)
_totp = table_of(StaffTotp)
_OF_MEMBER = (
    select(_passkeys.c.id, _passkeys.c.label, _passkeys.c.created_at, _passkeys.c.used_at)
    .where(_passkeys.c.staff_id == bindparam("staff_id"))
    .order_by(_passkeys.c.created_at, _passkeys.c.id)
)


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner sees it."""

    id: str
    label: str
    created_at: datetime
    used_at: datetime | None


def passkeys_of(session: Session, *, staff_id: int) -> list[PasskeyRow]:
    """The passkeys of an account, the oldest first."""
    return [PasskeyRow(*row) for row in session.execute(_OF_MEMBER, {"staff_id": staff_id})]


def to_register(staff: SignedInStaff, *, origin: str) -> str:
    """What the browser is asked for a new passkey, as JSON."""
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=_host(origin),
            rp_name=ISSUER,
            user_name=staff.username,
            user_id=f"staff:{staff.staff_id}".encode(),
            user_display_name=staff.username,
            challenge=_challenge(staff),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    )


def to_prove(staff: SignedInStaff, *, origin: str) -> str:
    """What the browser is asked to prove by a passkey, as JSON."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=_host(origin), challenge=_challenge(staff), user_verification=UserVerificationRequirement.REQUIRED
        )
    )


def register(
    session: WriteSession, *, staff: SignedInStaff, origin: str, answer: str, label: str, now: datetime
) -> bool:
    """Keep a new passkey and end all other sessions; False = the answer of the browser is not right."""
    if not _takes_challenge(session, staff):
        return False
    try:
        made = webauthn.verify_registration_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=_challenge(staff),
            expected_rp_id=_host(origin),
            expected_origin=origin,
            require_user_verification=True,
        )
    except WebAuthnException:
        return False
    kept = session.execute(
        insert_if_new(session, StaffPasskey, unique=("id",)).returning(_passkeys.c.id),
        {
            "id": _id(made.credential_id),
            "staff_id": staff.staff_id,
            "public_key": made.credential_public_key,
            "sign_count": made.sign_count,
            "label": label[:LONGEST_LABEL],
            "created_at": now,
        },
    ).first()
    if kept is None:
        return False
    session.execute(
        update(_members).where(_members.c.id == staff.staff_id).values(has_passkey=True, second_factor_at=now)
    )
    end_sessions(session, member_id=staff.staff_id, except_token_hash=staff.token_hash)
    _note(session, "staff.passkey_added", staff, now)
    return True


def is_right(session: WriteSession, *, staff: SignedInStaff, origin: str, answer: str, now: datetime) -> bool:
    """Whether a passkey of this account proved its owner; the challenge is used up by the try."""
    if not _takes_challenge(session, staff):
        return False
    try:
        id = _id(parse_authentication_credential_json(answer[:LONGEST_ANSWER]).raw_id)
        known = session.execute(
            select(_passkeys.c.public_key, _passkeys.c.sign_count)
            .where(_passkeys.c.id == id, _passkeys.c.staff_id == staff.staff_id)
            .with_for_update()
        ).first()
        if known is None:
            return False
        proved = webauthn.verify_authentication_response(
            credential=answer[:LONGEST_ANSWER],
            expected_challenge=_challenge(staff),
            expected_rp_id=_host(origin),
            expected_origin=origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException:
        return False
    session.execute(update(_passkeys).where(_passkeys.c.id == id).values(sign_count=proved.new_sign_count, used_at=now))
    return True


def remove(session: WriteSession, *, staff: SignedInStaff, id: str, now: datetime) -> bool:
    """Take a passkey of one's own away; False = there is none, or it is the last step that a role asks for."""
    of_member = _passkeys.c.staff_id == staff.staff_id
    others = session.scalar(select(exists().where(of_member, _passkeys.c.id != id))) or False
    codes = session.scalar(select(exists().where(_totp.c.staff_id == staff.staff_id, _totp.c.secret.is_not(None))))
    if staff.needs_factor and not others and not codes:
        return False
    gone = session.execute(delete(_passkeys).where(of_member, _passkeys.c.id == id).returning(_passkeys.c.id)).first()
    if gone is None:
        return False
    values: dict[str, object] = {"has_passkey": others}
    if not others and not codes:
        values["second_factor_at"] = None
        forget_recovery_codes(session, staff_id=staff.staff_id)
    session.execute(update(_members).where(_members.c.id == staff.staff_id).values(values))
    _note(session, "staff.passkey_removed", staff, now)
    return True


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _id(credential_id: bytes) -> str:
    return sha256(credential_id).hexdigest()


def _challenge(staff: SignedInStaff) -> bytes:
    return sha256(f"passkey:{staff.csrf_token}:{staff.challenges}".encode()).digest()


def _takes_challenge(session: WriteSession, staff: SignedInStaff) -> bool:
    taken = session.execute(
        update(_sessions)
        .where(_sessions.c.token_hash == staff.token_hash, _sessions.c.challenges == staff.challenges)
        .values(challenges=staff.challenges + 1)
        .returning(_sessions.c.challenges)
    ).first()
    return taken is not None


def _note(session: WriteSession, kind: str, staff: SignedInStaff, now: datetime) -> None:
    events.note(session, actor=staff.actor, kind=kind, subject=f"staff:{staff.staff_id}", now=now)
