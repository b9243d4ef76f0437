"""Somebody whom a chat takes off its list is waited for no more: their request ends, or their household is smaller."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select, update

from desk.acting import Actor
from desk.storage.base import WriteSession
from desk.waiting.asking import people, requests
from desk.waiting.changing import finish, request_to_change
from desk.waiting.history import RequestEvent, write_event
from desk.waiting.rounds import end_live_offer
from desk.waiting.rules import OfferState, RequestState


def leave_person(
    session: WriteSession, *, person_id: int, instead: int | None = None, actor: Actor, now: datetime
) -> None:
    """End what this chat waits for with this person alone, and wait with the others for a place less.

    What is on offer goes on: it was for all of them. Where `instead` is whom the chat meant, it waits for that person,
    unless somebody waits for them already.
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
        if found is None or (instead is not None and _takes_over(session, request_id, was=person_id, now_is=instead)):
            continue
        if not others:
            finish(session, found, state=RequestState.ENDED, actor=actor, now=now)
            continue
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


def _takes_over(session: WriteSession, request_id: int, *, was: int, now_is: int) -> bool:
    """Let another person stand in the request; False = a chat waits for them and this service already."""
    those = people.alias("those")
    waits = exists().where(those.c.person_id == now_is, those.c.service_id == people.c.service_id)
    changed = session.connection().execute(
        update(people)
        .where(people.c.request_id == request_id, people.c.person_id == was, ~waits)
        .values(person_id=now_is, is_contested=False)
    )
    return changed.rowcount == 1
