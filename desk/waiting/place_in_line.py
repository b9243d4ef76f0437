"""The place of a request in the line: the day on which it was made, and among those of one day a lot.

Requests of an earlier day come first. Among those of one day the hour does not count, or the fastest at the
moment a line begins would be before everybody else (decision record 0083, docs/fairness.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from desk.calendar import instant_of, local_day_of
from desk.conversations.models import Conversation
from desk.people.models import Person
from desk.storage.upsert import table_of
from desk.waiting.models import PriorityClass, StandingRequest
from desk.waiting.rules import LIVE_REQUESTS

_persons, _requests, _classes = table_of(Person), table_of(StandingRequest), table_of(PriorityClass)
_chats = table_of(Conversation)
_DAY = timedelta(days=1)
_MARK = select(_chats.c.chat_mark).where(_chats.c.id == bindparam("chat"))
_LINED_UP = (
    select(*_requests.c["id", "since", "rank_at"], _classes.c.days)
    .join_from(_requests, _classes, _classes.c.id == _requests.c.class_id, isouter=True)
    .where(_requests.c.state.in_(LIVE_REQUESTS))
    .order_by(_requests.c.id)
)


def place_of(
    session: Session,
    *,
    since: datetime,
    service_id: int,
    conversation_id: int,
    person_ids: Sequence[int],
    instead_of: datetime | None = None,
) -> datetime:
    """The `rank_at` of a request of these people that waits since then, without a priority class.

    The lot of a person follows from their number, the service and the day, so that asking again, or from another chat,
    draws no other. Somebody without a number has the lot of the chat's address, which stays where the chat erases its
    data and comes again. Of several people the last lot counts: somebody who is named beside others never brings them
    forward. So it is with the papers of one person that staff linked, and with a place of the same day that is given up
    for this one (`instead_of`): else a number that is corrected would be a lot more.
    """
    day = local_day_of(since)
    linked = select(_persons.c.link_id).where(_persons.c.id.in_(person_ids))
    found = select(_persons.c.identity_hash, _persons.c.last4_sealed.is_not(None)).where(
        or_(_persons.c.id.in_(person_ids), _persons.c.link_id.in_(linked))
    )
    drawn_by = {hash_ if has_number else None for hash_, has_number in session.execute(found)}
    if None in drawn_by:
        drawn_by = {*drawn_by, f"chat:{session.scalar(_MARK, {'chat': conversation_id})}"}
    own = instant_of(day, minutes=0) + max(lot(f"{who} {service_id} {day.date}") for who in drawn_by if who)
    return max(own, instead_of) if instead_of is not None and local_day_of(instead_of) == day else own


def days_more(*, since: datetime, rank_at: datetime) -> int:
    """How many days of waiting a priority class counts more: so many days its place lies before its own day."""
    return -((rank_at - instant_of(local_day_of(since), minutes=0)) // _DAY)


def with_class(rank_at: datetime, *, since: datetime, days: int) -> datetime:
    """The place of the same request with a class that counts so many days; 0 = with none."""
    return rank_at + (days_more(since=since, rank_at=rank_at) - days) * _DAY


def misplaced(session: Session) -> Iterator[str]:
    """The live requests that stand in the line on another day than theirs, moved by the days of their class."""
    for row in session.execute(_LINED_UP):
        if days_more(since=row.since, rank_at=row.rank_at) != (row.days or 0):
            yield f"request={row.id} since={row.since.isoformat()} rank_at={row.rank_at.isoformat()}"


def lot(drawn_by: str) -> timedelta:
    """The part of a day that follows from these words, each as likely as any other."""
    number = int.from_bytes(hashlib.sha256(drawn_by.encode()).digest()[:6])
    return _DAY * (number / 2**48)
