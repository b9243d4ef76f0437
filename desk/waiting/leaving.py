"""Somebody whom a chat takes off its list is waited for no more: their request ends, or their household is smaller.

Where the chat meant somebody else, the request ends too and one with that person begins anew, at the end of the line:
else a place in the line, an offer or a drawn place of an invented number could be sold to somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, literal, or_, select, update

from desk.acting import Actor
from desk.people.links import link_of
from desk.storage.base import WriteSession
from desk.waiting.asking import people, requests, write_request
from desk.waiting.changing import RequestToChange, finish, pause, request_to_change
from desk.waiting.history import RequestEvent, write_event
from desk.waiting.place_in_line import with_class
from desk.waiting.queries import wish_of
from desk.waiting.rounds import end_live_offer
from desk.waiting.rules import OfferState, RequestState, WaitingNotice
from desk.waiting.telling import recipient, tell_of_request


def leave_person(
    session: WriteSession,
    *,
    person_id: int,
    instead: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """End what this chat waits for with this person alone, and wait with the others for a place less.

    What is on offer goes on: it was for all of them. Where `instead` is whom the chat meant, it waits anew with that
    person and is told so, unless somebody waits for them already.
    """
    mine = select(people.c.request_id).where(
        people.c.person_id == person_id, people.c.conversation_id == actor.conversation_id
    )
    for request_id in session.scalars(mine.order_by(people.c.request_id)).all():
        found = request_to_change(session, request_id=request_id)
        others = session.scalars(
            select(people.c.person_id)
            .where(people.c.request_id == request_id, people.c.person_id != person_id)
            .order_by(people.c.nth)
        ).all()
        if found is None:
            continue
        if instead is not None and not _waits(session, instead, service_id=found.service_id):
            _ask_anew(session, found, was=person_id, now_is=instead, actor=actor, now=now)
            continue
        leave_request(session, found, person_id=person_id, others=others, actor=actor, now=now)


def leave_request(
    session: WriteSession, found: RequestToChange, *, person_id: int, others: Sequence[int], actor: Actor, now: datetime
) -> None:
    """Wait for these `others` of the request alone; where there are none, it ends."""
    request_id = found.id
    if not others:
        finish(session, found, state=RequestState.ENDED, actor=actor, now=now)
        return
    end_live_offer(session, request_id=request_id, state=OfferState.DECLINED, now=now)
    connection = session.connection()
    connection.execute(delete(people).where(people.c.request_id == request_id, people.c.person_id == person_id))
    for nth, other in enumerate(others, start=1):
        connection.execute(
            update(people).where(people.c.request_id == request_id, people.c.person_id == other).values(nth=nth)
        )
    connection.execute(
        update(requests).where(requests.c.id == request_id).values(people=len(others), looked_until=None)
    )
    write_event(
        session,
        request_id=request_id,
        kind=RequestEvent.CHANGED,
        actor=actor,
        old={"people": len(others) + 1},
        new={"people": len(others)},
        now=now,
    )


def _waits(session: WriteSession, person_id: int, *, service_id: int) -> bool:
    """Whether a chat waits for this person, on any of their papers, and service."""
    same = or_(
        people.c.person_id == person_id, people.c.link_id == link_of(literal(person_id, people.c.person_id.type))
    )
    found = select(people.c.request_id).where(same, people.c.service_id == service_id)
    return session.execute(found.limit(1)).first() is not None


def _ask_anew(
    session: WriteSession, found: RequestToChange, *, was: int, now_is: int, actor: Actor, now: datetime
) -> None:
    """End the request and ask for the same with the other person; a pause stays."""
    those = select(people.c.person_id).where(people.c.request_id == found.id).order_by(people.c.nth)
    named = [now_is if each == was else each for each in session.scalars(those)]
    wish = wish_of(session, request_id=found.id)
    end_live_offer(session, request_id=found.id, state=OfferState.WITHDRAWN, now=now)
    finish(session, found, state=RequestState.ENDED, actor=actor, now=now)
    asked = write_request(
        session,
        idem_key=f"instead:{found.id}",
        actor=actor,
        service_id=found.service_id,
        person_ids=named,
        wish=wish,
        instead_of=with_class(found.rank_at, since=found.since, days=0),
        now=now,
    )
    if found.state is RequestState.PAUSED:
        pause(session, request_id=asked.request_id, actor=actor, now=now)
    to = recipient(session, found.conversation_id)
    tell_of_request(session, asked.request_id, WaitingNotice.PLACE_CHANGED, to=to, which="instead", now=now)
