"""Places that a person gives back: for a random time they stay taken, so that nobody can hand one to somebody else.

A broker gives a place back and takes it again for somebody else in the same second: see
docs/decisions/0046-a-place-rests.md.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert

from desk.periods import Rest
from desk.places.claims import HeldPlace, claims, give_back
from desk.places.rules import ClaimKind, resting_time
from desk.storage.base import WriteSession

_REST = insert(claims)


def resting_until(starts_at: datetime, *, rest: Rest, now: datetime) -> datetime | None:
    """Until when a place of this start rests, by chance; None = not at all."""
    between = resting_time(starts_at, rest=rest, now=now)
    if between is None:
        return None
    spread = max(0, int((between.most - between.least).total_seconds()))
    return now + between.least + timedelta(seconds=secrets.randbelow(spread + 1))


def give_back_later(
    session: WriteSession,
    *,
    slot_id: int,
    starts_at: datetime,
    holder: str,
    counts_for: int | None = None,
    rest: Rest,
    now: datetime,
) -> datetime | None:
    """Let a taken place of the slot rest, and return until when; None = it is free at once.

    The caller has made sure, in this transaction, that it owns the place. `holder` says who gave it back and is used
    once. With `counts_for` it rests as one of the quota of that service too. The job that frees expired claims offers
    the place again, and tells of it then.
    """
    until = resting_until(starts_at, rest=rest, now=now)
    if until is None:
        give_back(session, [HeldPlace(slot_id, counts_for)])
        return None
    row = {"kind": ClaimKind.REST, "slot_id": slot_id, "holder": holder, "nth": 1, "expires_at": until}
    session.connection().execute(_REST, row | {"counts_for": counts_for})
    return until
