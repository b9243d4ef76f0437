"""Builds standing requests as chats ask for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from desk.acting import Actor
from desk.calendar import instant_of, local_day_of
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.language.text import Localised
from desk.offices.models import Office
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.waiting.actions import ask
from desk.waiting.models import PriorityClass, StandingRequest
from desk.waiting.rows import StandingWish
from desk.waiting.rules import EVERY_PART, EVERY_WEEKDAY
from tests.makers import NOW, TODAY, make_conversation, make_person

_keys, _places = count(1), count(1)


def wish_for(
    *offices: Office,
    provinces: tuple[str, ...] = (),
    from_day: date = TODAY,
    until_day: date | None = None,
    **over: Any,
) -> StandingWish:
    """Any day of the next weeks and any hour, at these offices and in these provinces."""
    given: dict[str, Any] = {"weekdays": EVERY_WEEKDAY, "parts": EVERY_PART} | over
    until_day = until_day or from_day + timedelta(days=30)
    ids = tuple(each.id for each in offices)
    return StandingWish(from_day=from_day, until_day=until_day, office_ids=ids, province_codes=provinces, **given)


def make_request(
    session: WriteSession,
    *,
    service: Service,
    wish: StandingWish,
    chat: Conversation | None = None,
    people: tuple[Person, ...] = (),
    now: datetime = NOW,
) -> int:
    """A request of this chat (a new one) for these people (one new person); its id.

    Of one day's requests the one that is made first is first, as if the lots had fallen so.
    """
    chat = chat or make_conversation(session)
    people = people or (make_person(session, conversation=chat),)
    asked = ask(
        session,
        idem_key=f"wait:{next(_keys)}",
        actor=Actor.chat(chat.id),
        service_id=service.id,
        person_ids=[each.id for each in people],
        wish=wish,
        now=now,
    )
    put_in_line(session, asked.request_id, number=next(_places))
    return asked.request_id


def put_in_line(session: WriteSession, request_id: int, *, number: int) -> None:
    """Let the lot of a request be so many seconds after the beginning of its day."""
    since = session.scalar(select(StandingRequest.since).where(StandingRequest.id == request_id))
    assert since is not None
    place = instant_of(local_day_of(since)) + timedelta(seconds=number)
    session.execute(update(StandingRequest).where(StandingRequest.id == request_id).values(rank_at=place))


def make_class(session: WriteSession, **over: Any) -> PriorityClass:
    """The class of elderly people, which counts as seven days."""
    given: dict[str, Any] = {"code": "elderly", "name": Localised({"fa": "سالمند"}), "days": 7, "is_active": True}
    made = PriorityClass(**given | over)
    session.add(made)
    session.flush()
    return made
