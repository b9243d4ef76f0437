"""What a chat does with its requests and offers, for the table of what chats may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.waiting import actions as waiting
from desk.waiting.looking import offer_places
from desk.waiting.models import Offer
from tests.makers import NOW, make_office, make_person, make_queue, make_service, make_slot
from tests.makers_waiting import make_request, wish_for


def waits(session: WriteSession, it: Any, **who: Any) -> object:
    person = make_person(session)
    given: dict[str, Any] = {"service_id": make_service(session).id, "wish": wish_for(make_office(session))}
    return waiting.ask(session, idem_key="w", person_ids=[person.id], **given, **who)


def of_request(action: Callable[..., object], **given: Any) -> Callable[..., object]:
    def act(session: WriteSession, it: Any, **who: Any) -> bool:
        own = session.get_one(Conversation, it.chat)
        request_id = make_request(session, service=make_service(session), wish=wish_for(make_office(session)), chat=own)
        return action(session, request_id=request_id, **given, **who) is None

    return act


def of_offer(action: Callable[..., object], **given: Any) -> Callable[..., object]:
    def act(session: WriteSession, it: Any, **who: Any) -> bool:
        service, own = make_service(session), session.get_one(Conversation, it.chat)
        queue = make_queue(session, services=[service])
        make_slot(session, queue=queue)
        person = make_person(session, conversation=own)
        wish = wish_for(session.get_one(Office, queue.office_id))
        make_request(session, service=service, wish=wish, chat=own, people=(person,))
        offer_places(session, now=NOW)
        offer_id = session.scalars(select(Offer.id).order_by(Offer.id.desc())).first()
        return action(session, offer_id=offer_id, **given, **who) is not False

    return act


def wishes_else(session: WriteSession, it: Any, **who: Any) -> object:
    return of_request(waiting.change, wish=wish_for(make_office(session)))(session, it, **who)
