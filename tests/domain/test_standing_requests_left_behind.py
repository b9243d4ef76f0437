"""Standing requests that leave: erased with their chat, forgotten after their period, and gone over to another chat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.acting import SYSTEM, Actor
from desk.calendar import local_day_of
from desk.erasure.actions import erase
from desk.outbox.rules import Recipient
from desk.people import actions as people_actions
from desk.people.models import KnownPerson, Person
from desk.storage.base import WriteSession
from desk.tombstones.models import Tombstone
from desk.verify import verify
from desk.waiting import actions, queries, transferring
from desk.waiting.classes import give_class
from desk.waiting.models import StandingRequest, StandingRequestPerson, StandingRequestPlace
from desk.waiting.privacy import PRIVACY, forget_chats
from desk.waiting.refusals import TooManyRequests
from desk.waiting.rules import MOST_REQUESTS, ClassReason, OfferState, RequestState
from tests.domain.offer_scene import Desk, Waiter
from tests.domain.waiting_scene import Town
from tests.makers import NOW, make_conversation, make_person, make_service
from tests.makers_waiting import make_class, make_request, wish_for

DAY = timedelta(days=1)


@pytest.fixture
def town(session: WriteSession) -> Town:
    return Town(session)


@pytest.fixture
def desk(session: WriteSession) -> Desk:
    return Desk(session)


def test_erasing_ends_what_waits_and_nothing_leads_to_the_chat(town: Town) -> None:
    live, over = town.wait(), town.wait(service=make_service(town.session))
    stays = town.of_another()
    town.does(actions.end, over)
    person_id = town.person.id
    assert PRIVACY.count is not None
    assert PRIVACY.count(town.session, town.chat.id) == {"standing_requests": 1}

    erase(town.session, actor=Actor.chat(town.chat.id), now=NOW)

    for request_id in (live, over):
        row = town.row(request_id)
        assert (row.conversation_id, row.state, row.idem_key) == (None, RequestState.ENDED, f"erased:{request_id}")
    left = select(StandingRequestPlace.request_id).distinct()
    assert town.session.scalars(left).all() == [stays]
    assert town.session.scalar(select(Person.id).where(Person.id == person_id)) is None
    assert town.session.scalar(select(func.count()).select_from(Tombstone)) == 4, "two requests, the person, the chat"
    assert verify(town.session) == []


def test_a_restored_request_is_erased_again(town: Town) -> None:
    request_id = town.wait()
    assert PRIVACY.again is not None
    assert list(PRIVACY.again.held(town.session)) == [request_id]
    PRIVACY.again.erase(town.session, [request_id], now=NOW)
    assert list(PRIVACY.again.held(town.session)) == []
    assert town.row(request_id).state is RequestState.ENDED


def test_whose_an_old_request_was_is_forgotten(town: Town) -> None:
    over, live = town.wait(), town.wait(service=make_service(town.session))
    town.does(actions.end, over)
    assert forget_chats(town.session, before=NOW, limit=9) == 0
    assert forget_chats(town.session, before=NOW + DAY, limit=9) == 1
    assert town.row(over).conversation_id is None
    assert town.row(live).conversation_id == town.chat.id


def test_a_forgotten_request_does_not_tell_that_it_had_a_class(town: Town) -> None:
    request_id, elderly = town.wait(), make_class(town.session)
    given: dict[str, Any] = {"request_id": request_id, "office_id": town.office.id, "class_id": elderly.id}
    give_class(town.session, **given, reason=ClassReason.SEEN, actor=SYSTEM, now=NOW)
    assert town.row(request_id).rank_at < town.row(request_id).since
    town.does(actions.end, request_id)
    forget_chats(town.session, before=NOW + DAY, limit=10)
    row = town.row(request_id)
    assert (row.class_id, row.class_reason, row.rank_at) == (None, None, row.since)


def test_a_request_goes_over_with_its_chat_unless_that_one_waits_already(town: Town) -> None:
    goes, stays = town.wait(), town.wait(service=make_service(town.session))
    target = make_conversation(town.session)
    there = make_request(
        town.session, service=town.session.get_one(type(town.service), town.row(stays).service_id),
        wish=wish_for(town.office), chat=target, people=(town.person,),
    )  # fmt: skip
    to = Recipient(target.channel, target.bot, target.id)

    assert transferring.change_chat(town.session, source=town.chat.id, to=to, now=NOW) == [goes]

    theirs = queries.of_conversation(town.session, conversation_id=target.id)
    assert [row.id for row in theirs] == [goes, there]
    assert [row.id for row in queries.of_conversation(town.session, conversation_id=town.chat.id)] == [stays]
    back = Recipient(town.chat.channel, town.chat.bot, town.chat.id)
    assert transferring.change_chat(town.session, source=target.id, to=back, request_ids=[goes], now=NOW) == [goes]
    assert verify(town.session) == []


def test_chats_that_become_one_lose_nothing_beyond_the_limit_and_wait_for_nothing_more(town: Town) -> None:
    to_go = [town.wait(service=make_service(town.session)) for _ in range(2)]
    places = [town.row(each).rank_at for each in to_go]
    target = make_conversation(town.session)
    there = make_person(town.session, conversation=target)
    for _ in range(MOST_REQUESTS):
        town.wait(service=make_service(town.session), chat=target, people=(there,))
    to = Recipient(target.channel, target.bot, target.id)

    assert transferring.change_chat(town.session, source=town.chat.id, to=to, now=NOW) == to_go

    theirs = queries.of_conversation(town.session, conversation_id=target.id)
    assert len(theirs) == MOST_REQUESTS + 2
    assert [town.row(each).rank_at for each in to_go] == places
    with pytest.raises(TooManyRequests):
        town.wait(service=make_service(town.session), chat=target, people=(there,))
    assert verify(town.session) == []


def test_with_one_person_only_what_they_wait_for_alone_goes_over(town: Town) -> None:
    beside = make_person(town.session, conversation=town.chat)
    family = town.wait(people=(town.person, beside))
    alone = town.wait(service=make_service(town.session))
    other = town.wait(service=make_service(town.session), people=(beside,))
    target = make_conversation(town.session)
    to = Recipient(target.channel, target.bot, target.id)
    moved = transferring.change_chat(town.session, source=town.chat.id, to=to, person_id=town.person.id, now=NOW)
    assert moved == [alone]
    assert {row.id for row in queries.of_conversation(town.session, conversation_id=town.chat.id)} == {family, other}


def test_who_is_taken_off_the_list_is_waited_for_no_more(desk: Desk) -> None:
    alone, family = desk.wait(), desk.wait(people=3)
    others = list(
        desk.session.scalars(
            select(StandingRequestPerson.person_id)
            .where(StandingRequestPerson.request_id == family.request)
            .order_by(StandingRequestPerson.nth)
        )
    )[1:]
    for each in (alone, family):
        people_actions.forget(desk.session, actor=each.actor, known_id=each.person.id, now=desk.now)
    assert desk.request(alone).state is RequestState.ENDED
    assert (desk.request(family).state, desk.request(family).people) == (RequestState.WAITING, 2)
    left = select(StandingRequestPerson.person_id, StandingRequestPerson.nth).order_by(StandingRequestPerson.nth)
    assert [tuple(row) for row in desk.session.execute(left)] == [(others[0], 1), (others[1], 2)]


def corrected(desk: Desk, waiter: Waiter) -> StandingRequest:
    """The chat puts another number in the place of its person's; the request that waits for that one."""
    meant = make_person(desk.session)
    known_id = desk.session.scalars(select(KnownPerson.id).where(KnownPerson.person_id == waiter.person.id)).one()
    people_actions.forget(desk.session, actor=waiter.actor, known_id=known_id, instead=meant.id, now=desk.now)
    of = select(StandingRequest).join(StandingRequestPerson, StandingRequestPerson.request_id == StandingRequest.id)
    return desk.session.scalars(of.where(StandingRequestPerson.person_id == meant.id)).one()


def test_whose_number_was_corrected_waits_anew_under_the_right_one(desk: Desk) -> None:
    waiter = desk.wait(days=9, people=2, weekdays=frozenset({1, 2}))
    before = queries.wish_of(desk.session, request_id=waiter.request)
    made = corrected(desk, waiter)
    assert desk.request(waiter).state is RequestState.ENDED
    assert (made.state, made.people, made.since) == (RequestState.WAITING, 2, desk.now)
    assert local_day_of(made.rank_at) == local_day_of(desk.now), "at the end of the line"
    assert queries.wish_of(desk.session, request_id=made.id) == before
    assert made.public_id != desk.request(waiter).public_id, "the number in a draw is drawn anew"
    assert desk.told(waiter) == ["request_place_changed"]
    assert verify(desk.session) == []


def test_a_pause_stays_where_a_number_is_corrected(desk: Desk) -> None:
    waiter = desk.wait()
    actions.pause(desk.session, request_id=waiter.request, actor=waiter.actor, now=desk.now)
    assert corrected(desk, waiter).state is RequestState.PAUSED


def test_what_was_offered_to_an_invented_number_is_nobodys_to_sell(desk: Desk) -> None:
    broker, honest = desk.wait(days=9), desk.wait(days=1)
    desk.free()
    desk.offer()
    desk.deliver()
    corrected(desk, broker)
    desk.offer()
    assert desk.states(broker) == [OfferState.WITHDRAWN]
    assert desk.states(honest) == [OfferState.SENT]
    assert verify(desk.session) == []
