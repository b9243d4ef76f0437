"""Offers that are accepted, declined, or not answered in time; the place in the line stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.appointments.actions import book
from desk.appointments.models import Appointment
from desk.appointments.refusals import SlotTaken, TooManyAppointments
from desk.capacity.actions import set_exception
from desk.capacity.models import ExceptionKind
from desk.conversations.rules import ChatLimits
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.people import actions as people
from desk.people.models import KnownPerson
from desk.people.rules import DocumentKind
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting import actions, offer_queries
from desk.waiting.refusals import NotYourOffer, OfferOver
from desk.waiting.rules import OfferState, RequestState
from tests.domain.offer_scene import TOMORROW, Desk
from tests.makers import TODAY, acting, appointment_code, at, make_slot
from tests.makers_hours import make_rule

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(session: WriteSession) -> Desk:
    return Desk(session)


# answering ------------------------------------------------------------------------------------------------------------


def test_accepting_books_and_ends_the_waiting(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    done = desk.accept(waiter)
    row = desk.session.get_one(Appointment, done.appointment_ids[0])
    assert (row.slot_id, row.person_id, row.conversation_id) == (desk.slot.id, waiter.person.id, waiter.chat.id)
    assert (desk.request(waiter).state, desk.states(waiter)) == (RequestState.FULFILLED, [OfferState.ACCEPTED])
    ticket = select(OutboxMessage.notice).where(OutboxMessage.about == f"appointment:{row.id}")
    assert "ticket" in desk.session.scalars(ticket).all()
    again = desk.accept(waiter)
    assert (again.is_repeat, again.appointment_ids) == (True, done.appointment_ids)
    assert verify(desk.session) == []


def test_accepting_moves_the_appointment_that_the_person_holds(desk: Desk) -> None:
    waiter = desk.wait()
    later = make_slot(desk.session, queue=desk.queue, starts_at=at(TODAY + 9 * DAY, hour=9), capacity=1)
    held = book(
        desk.session,
        idem_key="held",
        actor=waiter.actor,
        slot_id=later.id,
        service_id=desk.service.id,
        person_id=waiter.person.id,
        person_name="نام",
        document_kind=DocumentKind.AMAYESH,
        code=appointment_code(),
        now=desk.now,
    )
    desk.free()
    desk.offer()
    done = desk.accept(waiter)
    assert (done.appointment_ids, done.was_moved) == ((held.appointment_id,), True)
    assert desk.session.get_one(Appointment, held.appointment_id, populate_existing=True).slot_id == desk.slot.id
    assert desk.claims(ClaimKind.REST) == 1, "the old place rests, and goes on"
    assert verify(desk.session) == []


def test_declining_keeps_the_place_in_the_line_and_the_next_is_asked(desk: Desk) -> None:
    first, second = desk.wait(days=2), desk.wait(days=1)
    place = desk.request(first).rank_at
    desk.free()
    desk.offer()
    desk.decline(first)
    desk.decline(first)
    assert (desk.claims(ClaimKind.KEPT), desk.remaining()) == (1, 0), "nobody else sees it meanwhile"
    desk.offer()
    assert (desk.states(first), desk.states(second)) == ([OfferState.DECLINED], [OfferState.SENT])
    assert desk.request(first).rank_at == place
    another = desk.full(TOMORROW, hour=13)
    desk.free(another)
    desk.offer()
    assert desk.states(first) == [OfferState.DECLINED, OfferState.SENT]
    with pytest.raises(OfferOver) as over:
        actions.accept(desk.session, idem_key="x", offer_id=desk.offered(first)[0].id, actor=first.actor, now=desk.now)
    assert over.value.state is OfferState.DECLINED


def test_an_offer_is_answered_by_its_chat_alone(desk: Desk) -> None:
    waiter, other = desk.wait(), desk.wait()
    desk.free()
    desk.offer()
    offer_id = desk.offered(waiter)[0].id
    for act in (
        lambda: actions.accept(desk.session, idem_key="x", offer_id=offer_id, actor=other.actor, now=desk.now),
        lambda: actions.decline(desk.session, offer_id=offer_id, actor=other.actor, now=desk.now),
    ):
        with pytest.raises(NotYourOffer):
            act()
    assert offer_queries.owned(desk.session, offer_id=offer_id, conversation_id=other.chat.id) is None


def test_a_refused_booking_leaves_the_offer_as_it_was(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    offer_id = desk.offered(waiter)[0].id
    limits = ChatLimits(live_appointments=0)
    with pytest.raises(TooManyAppointments):
        actions.accept(desk.session, idem_key="x", offer_id=offer_id, actor=waiter.actor, limits=limits, now=desk.now)
    assert (desk.states(waiter), desk.claims(ClaimKind.OFFER)) == ([OfferState.SENT], 1)
    known = desk.session.scalars(select(KnownPerson).where(KnownPerson.conversation_id == waiter.chat.id)).one()
    people.forget(desk.session, actor=waiter.actor, known_id=known.id, now=desk.now)
    with pytest.raises(OfferOver):
        desk.accept(waiter)
    assert verify(desk.session) == []


# lapsing --------------------------------------------------------------------------------------------------------------


def test_the_time_counts_from_the_delivery_and_a_second_later_is_too_late(desk: Desk) -> None:
    first, second = desk.wait(days=2), desk.wait()
    place = desk.request(first).rank_at
    desk.free()
    desk.offer()
    desk.later(minutes=9)
    desk.deliver()
    (offer,) = desk.offered(first)
    assert offer.ends_at is not None
    assert (offer.delivered_at, offer.ends_at) == (desk.now, desk.now + timedelta(hours=1))
    desk.now = offer.ends_at
    with pytest.raises(OfferOver) as over:
        desk.accept(first)
    assert over.value.state is OfferState.LAPSED
    desk.watch()
    desk.offer()
    assert (desk.states(first), desk.told(first)) == ([OfferState.LAPSED], ["offer", "offer_lapsed"])
    assert desk.states(second) == [OfferState.SENT]
    assert desk.request(first).rank_at == place


def test_a_second_before_it_can_be_accepted(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    ends_at = desk.offered(waiter)[0].ends_at
    assert ends_at is not None
    desk.now = ends_at - timedelta(seconds=1)
    assert desk.accept(waiter).appointment_ids


def test_an_offer_that_does_not_arrive_goes_on_and_is_no_lapse(desk: Desk) -> None:
    first, second = desk.wait(days=2), desk.wait()
    desk.free()
    desk.offer()
    desk.later(minutes=15)
    desk.watch()
    desk.offer()
    assert (desk.states(first), desk.request(first).lapses) == ([OfferState.WITHDRAWN], 0)
    assert desk.states(second) == [OfferState.SENT]
    state = select(OutboxMessage.state).where(OutboxMessage.conversation_id == first.chat.id)
    assert desk.session.scalars(state).one() is DeliveryState.DROPPED, "it does not arrive later either"


def test_a_message_that_is_given_up_is_not_waited_for(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.session.execute(update(OutboxMessage).values(state=DeliveryState.DEAD, is_open=False))
    desk.watch()
    assert desk.states(waiter) == [OfferState.WITHDRAWN]


def test_three_lapses_in_a_row_pause_the_request_and_the_person_is_told(desk: Desk) -> None:
    waiter = desk.wait()
    for hour in (10, 11, 12):
        slot = desk.full(TODAY + 4 * DAY, hour=hour, places=1)
        desk.free(slot)
        desk.offer()
        desk.deliver()
        desk.later(hours=7)
        ends_at = desk.offered(waiter)[-1].ends_at
        assert ends_at is not None
        desk.now = max(desk.now, ends_at)
        desk.watch()
    assert desk.states(waiter) == [OfferState.LAPSED] * 3
    assert desk.request(waiter).state is RequestState.PAUSED
    assert desk.told(waiter)[-1] == "request_paused"
    desk.free(desk.full(TODAY + 4 * DAY, hour=13, places=1))
    desk.offer()
    assert len(desk.states(waiter)) == 3
    actions.resume(desk.session, request_id=waiter.request, actor=waiter.actor, now=desk.now)
    assert desk.request(waiter).lapses == 0
    desk.offer()
    assert desk.states(waiter)[-1] is OfferState.SENT, "what is free meanwhile is offered when it goes on"
    assert verify(desk.session) == []


def test_an_answer_ends_the_row_of_lapses(desk: Desk) -> None:
    waiter = desk.wait()
    desk.request(waiter).lapses = 2
    desk.free()
    desk.offer()
    desk.deliver()
    desk.decline(waiter)
    assert desk.request(waiter).lapses == 0


def test_a_time_that_is_closed_while_on_offer_is_withdrawn_and_told(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    make_rule(desk.session, queue=desk.queue, weekday=5)
    set_exception(
        desk.session,
        queue_id=desk.queue.id,
        day=TOMORROW,
        kind=ExceptionKind.CLOSED,
        actor=acting(1),
        now=desk.now,
    )
    with pytest.raises(SlotTaken):
        desk.accept(waiter)
    desk.watch()
    assert (desk.states(waiter), desk.told(waiter)[-1]) == ([OfferState.WITHDRAWN], "offer_gone")
    desk.offer()
    assert desk.claims(ClaimKind.KEPT) == desk.claims(ClaimKind.OFFER) == 0
