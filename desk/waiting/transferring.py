"""Standing requests go over to another chat of the same person, with their messages and their place in the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update

from desk.outbox import transferring as messages
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of
from desk.waiting.history import subject_of
from desk.waiting.models import Offer, StandingRequest, StandingRequestPerson
from desk.waiting.offering import message_to
from desk.waiting.rounds import about
from desk.waiting.rules import LIVE_REQUESTS

_requests, _people, _offers = (table_of(model) for model in (StandingRequest, StandingRequestPerson, Offer))
_there = _people.alias("there")


def change_chat(
    session: WriteSession,
    *,
    source: int,
    to: Recipient,
    now: datetime,
    person_id: int | None = None,
    request_ids: Sequence[int] | None = None,
) -> list[int]:
    """Give live requests of the chat `source` to another, and return their ids: all, those of one person alone, or
    those of these that it still has.

    One stays where the other chat waits for one of its people and the service already: a chat never waits twice.

    `MOST_REQUESTS` is not asked here: two chats of one person that become one keep all that they wait for, with its
    place in the line. The limit holds for what the chat asks for next, until so many are over.
    """
    target = to.conversation_id
    waits_there = exists().where(
        _people.c.request_id == _requests.c.id,
        _there.c.conversation_id == target,
        or_(_there.c.person_id == _people.c.person_id, _there.c.link_id == _people.c.link_id),
        _there.c.service_id == _people.c.service_id,
    )
    those = [
        _requests.c.conversation_id == source,
        _requests.c.state.in_(LIVE_REQUESTS),
        ~waits_there,
    ]
    if person_id is not None:
        has_person = exists().where(_people.c.request_id == _requests.c.id, _people.c.person_id == person_id)
        those.append(and_(has_person, _requests.c.people == 1))
    if request_ids is not None:
        those.append(_requests.c.id.in_(request_ids))
    found = session.scalars(select(_requests.c.id).where(*those).order_by(_requests.c.id).with_for_update()).all()
    ids = list(found)
    if ids:
        connection = session.connection()
        connection.execute(update(_requests).where(_requests.c.id.in_(ids)).values(conversation_id=target))
        connection.execute(update(_people).where(_people.c.request_id.in_(ids)).values(conversation_id=target))
        live = session.execute(
            select(*_offers.c["id", "delivered_at"]).where(_offers.c.request_id.in_(ids), _offers.c.is_live)
        ).all()
        abouts = [*(subject_of(id) for id in ids), *(about(offer.id) for offer in live)]
        messages.change_chat(session, source=source, to=to, abouts=abouts)
        new = insert_many_if_new(session, OutboxMessage, unique=("idem_key",))
        for offer_id in (offer.id for offer in live if offer.delivered_at is not None):
            # Said once more: what stands in the earlier chat nobody can press here.
            message = message_to(to, offer_id=offer_id, due_at=now, now=now)
            connection.execute(new, message | {"idem_key": f"{about(offer_id)}:{target}"})
    return ids
