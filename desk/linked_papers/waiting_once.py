"""Brings what people of linked papers wait for under their link: a chat that waits twice for one person waits once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select, update

from desk.acting import Actor
from desk.linked_papers.rules import LinkNotice
from desk.outbox.actions import enqueue
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Lane
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.asking import people, requests
from desk.waiting.changing import request_to_change
from desk.waiting.history import subject_of
from desk.waiting.leaving import leave_request
from desk.waiting.telling import recipient

_persons = table_of(Person)
_other = people.alias("other")
_ROWS = (
    select(*people.c["request_id", "person_id", "service_id", "conversation_id", "link_id", "is_contested"])
    .join_from(people, _persons, _persons.c.id == people.c.person_id)
    .join(requests, requests.c.id == people.c.request_id)
    .where(_persons.c.link_id == bindparam("link"))
    # Who waits longest keeps the place.
    .order_by(requests.c.rank_at, requests.c.id, people.c.nth)
)
_ITS_ROW = (people.c.request_id == bindparam("of_request"), people.c.person_id == bindparam("of_person"))
_PUT = update(people).where(*_ITS_ROW).values(link_id=bindparam("link"), is_contested=bindparam("contested"))
_UNTIE = (
    update(people)
    .where(people.c.person_id.in_(bindparam("persons", expanding=True)), people.c.link_id.is_not(None))
    .values(link_id=None)
)
_STAND_ALONE = (
    update(people)
    .where(
        people.c.person_id.in_(bindparam("persons", expanding=True)),
        people.c.is_contested,
        ~exists().where(
            _other.c.person_id == people.c.person_id,
            _other.c.service_id == people.c.service_id,
            _other.c.request_id != people.c.request_id,
        ),
    )
    .values(is_contested=False)
)


def wait_once(session: WriteSession, *, link_id: int, actor: Actor, now: datetime) -> None:
    """Bring their requests under the link; of two of one chat for one service the one that waits longer stays."""
    of_services: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_ROWS, {"link": link_id}):
        of_services[row.service_id].append(row)
    for rows in of_services.values():
        _once(session, rows, link_id=link_id, actor=actor, now=now)


def _once(session: WriteSession, rows: Sequence[Any], *, link_id: int, actor: Actor, now: datetime) -> None:
    kept: list[Any] = []
    for row in rows:
        if any(each.conversation_id == row.conversation_id for each in kept):
            _leave(session, row, actor=actor, now=now)
        else:
            kept.append(row)
    # As with appointments: those under the link first, then the first of each number.
    kept.sort(key=lambda row: (row.link_id is None, row.is_contested))
    taken: set[bool] = set()
    for row in kept:
        is_contested = row.is_contested or False in taken
        is_beside_one = any(
            each.is_contested and each.person_id == row.person_id and each.request_id != row.request_id for each in kept
        )
        if is_contested in taken or (is_contested and not row.is_contested and is_beside_one):
            continue  # a third chat: it stays apart until one of the others is over
        taken.add(is_contested)
        if row.link_id is None:
            put = {"of_request": row.request_id, "of_person": row.person_id, "link": link_id, "contested": is_contested}
            session.connection().execute(_PUT, put)


def _leave(session: WriteSession, row: Any, *, actor: Actor, now: datetime) -> None:
    """Wait with this request for its other people alone, and tell the chat by day."""
    found = request_to_change(session, request_id=row.request_id)
    if found is None:
        return
    others = session.scalars(
        select(people.c.person_id)
        .where(people.c.request_id == row.request_id, people.c.person_id != row.person_id)
        .order_by(people.c.nth)
    ).all()
    leave_request(session, found, person_id=row.person_id, others=others, actor=actor, now=now)
    to = recipient(session, row.conversation_id)
    if to is not None:
        enqueue(
            session,
            idem_key=f"one_waits:{row.request_id}:{row.person_id}",
            to=to,
            notice=LinkNotice.ONE_WAITS,
            params={"request": row.request_id},
            about=subject_of(row.request_id),
            lane=Lane.BULK,
            due_at=after_the_night(now),
            now=now,
        )


def untie_requests(session: WriteSession, person_ids: Sequence[int]) -> None:
    """Take what these people wait for from under their link; each waits by its own number again."""
    connection = session.connection()
    connection.execute(_UNTIE, {"persons": list(person_ids)})
    connection.execute(_STAND_ALONE, {"persons": list(person_ids)})
