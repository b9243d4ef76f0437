"""In a draw each number is one request: which of several is listed, and what the chats of the others are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.conversations.models import Conversation
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawNotice
from desk.draws.telling import tell
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.models import StandingRequest, StandingRequestPerson

_requests, _chats = table_of(StandingRequest), table_of(Conversation)
_people, _persons = table_of(StandingRequestPerson), table_of(Person)
_other = table_of(StandingRequestPerson).alias("other")
_SHARE_A_NUMBER = (
    select(_people.c.request_id, _other.c.request_id)
    .join_from(
        _people,
        _other,
        (_other.c.person_id == _people.c.person_id) & (_other.c.service_id == _people.c.service_id),
    )
    .where(_people.c.service_id == bindparam("service"), _people.c.is_contested, ~_other.c.is_contested)
)
"""Two requests for one person and service each: a person stands in two at most, and one of these is contested."""
_OF_LINKED = (
    select(_people.c.request_id, _persons.c.link_id)
    .join_from(_people, _persons, _persons.c.id == _people.c.person_id)
    .where(_people.c.service_id == bindparam("service"), _persons.c.link_id.is_not(None))
)
"""The requests for people with papers that staff linked, also those that stand outside of their link."""
_CHATS = (
    select(_requests.c.id.label("request_id"), *_chats.c["channel", "bot"], _chats.c.id.label("chat"))
    .join_from(_requests, _chats, _chats.c.id == _requests.c.conversation_id)
    .where(_requests.c.id.in_(bindparam("requests", expanding=True)))
)
AT_ONCE = 400
"""Requests of one statement."""


def one_of_a_number(session: Session, *, service_id: int, rows: Sequence[Any]) -> set[int]:
    """The ids of these requests without those that name a number for which one of the others has waited longer.

    Who types a number need not hold its paper, so two chats may wait for one: in a draw they are one request. So are
    those for papers of one person that staff linked.
    """
    beside: dict[int, set[int]] = defaultdict(set)
    for one, other in session.execute(_SHARE_A_NUMBER, {"service": service_id}):
        beside[one].add(other)
        beside[other].add(one)
    of_link: dict[int, set[int]] = defaultdict(set)
    for request_id, link_id in session.execute(_OF_LINKED, {"service": service_id}):
        of_link[link_id].add(request_id)
    for together in of_link.values():
        for one in together:
            beside[one] |= together - {one}
    kept: set[int] = set()
    for row in sorted(rows, key=lambda each: (each.since, each.id)):
        if not beside[row.id] & kept:
            kept.add(row.id)
    return kept


def tell_unlisted(session: WriteSession, draw: DrawRow, request_ids: Sequence[int], *, now: datetime) -> None:
    """Tell the chats of these requests that they are not in the list, since each number counts once.

    They were told that the result comes to them, so they must not wait for it. They wait on.
    """
    for first in range(0, len(request_ids), AT_ONCE):
        found = session.execute(_CHATS, {"requests": list(request_ids[first : first + AT_ONCE])})
        tell(session, draw, found, notice=DrawNotice.NOT_LISTED, now=now)
