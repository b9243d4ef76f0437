"""Proof that the owner of a session sits there: the password was said once more, a few minutes ago.

What gives power or shows whom a case is from asks for it. The proof is a second cookie of its own: a copy of the
session's cookie, taken before, cannot use it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import update

from desk.staff.models import StaffSession
from desk.staff.queries import SignedInStaff
from desk.staff.rules import hash_token
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

PROOF_LASTS = timedelta(minutes=5)

_sessions = table_of(StaffSession)


def prove(session: WriteSession, *, token_hash: str, now: datetime) -> str:
    """Store that the password was said in this session now; returns the value of the cookie that shows it."""
    proof = secrets.token_urlsafe(32)
    session.execute(
        update(_sessions)
        .where(_sessions.c.token_hash == token_hash)
        .values(proof_hash=hash_token(proof), proved_at=now, wrong_answers=0)
    )
    return proof


def is_proved(staff: SignedInStaff, *, proof: str | None, now: datetime) -> bool:
    """Whether the password was said in this session within the last minutes, in the browser that sends this cookie."""
    if not proof or staff.proof_hash is None or staff.proved_at is None:
        return False
    return now - staff.proved_at < PROOF_LASTS and compare_digest(staff.proof_hash, hash_token(proof))
