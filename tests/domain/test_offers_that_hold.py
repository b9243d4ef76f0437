"""What is offered can be taken, by those who did not have it, and what they leave goes to nobody by appointment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from desk.capacity.actions import save_queue
from desk.capacity.models import Slot
from desk.people.models import KnownPerson
from desk.places.claims import release_expired
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.waiting import actions
from desk.waiting.models import StandingRequest
from desk.waiting.refusals import NobodyToBookFor
from desk.waiting.rules import OfferState, RequestState
from desk.waiting.watching import look_anew_for_who_comes_back
from tests.domain.offer_scene import TOMORROW, Desk
from tests.makers import acting, at, make_service, make_slot


@pytest.fixture
def desk(session: WriteSession) -> Desk:
    return Desk(session)


def test_a_place_that_the_office_cut_is_offered_to_nobody(desk: Desk) -> None:
    """Fewer counters: the place on offer is above the plan, and shrinks away as soon as it is given back."""
    waiter, other = desk.wait(days=2), desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    assert desk.states(waiter) == [OfferState.SENT]
    desk.session.execute(update(Slot).where(Slot.id == desk.slot.id).values(planned=1))
    desk.watch()
    desk.offer()
    assert (desk.states(waiter), desk.states(other)) == ([OfferState.WITHDRAWN], [])
    assert desk.request(waiter).lapses == 0


def test_nobody_is_offered_the_time_that_they_hold(desk: Desk) -> None:
    holder, other = desk.wait(days=2), desk.wait()
    slot = desk.full(desk.slot.day, hour=11)
    held = desk.booked[-1]
    held.person_id, held.conversation_id = holder.person.id, holder.chat.id
    desk.session.flush()
    desk.booked.remove(held)
    desk.free(slot)
    desk.offer()
    assert (desk.states(holder), desk.states(other)) == ([], [OfferState.SENT])


def test_what_never_arrived_is_offered_again_when_others_have_had_their_turn(desk: Desk) -> None:
    waiter = desk.wait()
    later = desk.full(desk.slot.day + timedelta(days=5), hour=9)
    desk.free(later)
    desk.offer()
    desk.later(minutes=15)
    desk.watch()
    desk.offer()
    assert desk.states(waiter) == [OfferState.WITHDRAWN]
    desk.later(minutes=61)
    release_expired(desk.session, now=desk.now)
    desk.offer()
    assert desk.states(waiter) == [OfferState.WITHDRAWN, OfferState.SENT]


def test_what_was_declined_and_suits_nobody_else_rests(desk: Desk) -> None:
    """So that nobody can take in a friend's chat what was offered to them."""
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    desk.decline(waiter)
    desk.offer()
    assert (desk.remaining(), desk.claims(ClaimKind.REST)) == (0, 1)
    desk.later(minutes=61)
    release_expired(desk.session, now=desk.now)
    desk.offer()
    assert (desk.remaining(), desk.claims(ClaimKind.REST)) == (1, 0)


def test_near_its_start_it_is_free_at_once(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    desk.now = desk.slot.starts_at - timedelta(hours=2)
    desk.watch()
    desk.offer()
    assert (desk.states(waiter), desk.remaining()) == ([OfferState.LAPSED], 1)


def test_those_who_wait_get_what_a_service_more_opens(desk: Desk) -> None:
    service = make_service(desk.session)
    waiter = desk.wait()
    desk.session.execute(
        update(StandingRequest).where(StandingRequest.id == waiter.request).values(service_id=service.id)
    )
    make_slot(desk.session, queue=desk.queue, starts_at=desk.slot.starts_at + timedelta(hours=2), capacity=1)
    desk.offer()
    assert desk.states(waiter) == [], "it is not given here"
    save_queue(
        desk.session,
        queue_id=desk.queue.id,
        office_id=desk.office.id,
        name=desk.queue.name,
        service_ids=[desk.service.id, service.id],
        is_active=True,
        actor=acting(5),
        now=desk.now,
    )
    desk.offer()
    assert desk.states(waiter) == [OfferState.SENT]


def test_going_on_ends_a_pause(desk: Desk) -> None:
    waiter = desk.wait()
    actions.pause(desk.session, request_id=waiter.request, actor=waiter.actor, now=desk.now)
    actions.go_on(desk.session, request_id=waiter.request, actor=waiter.actor, now=desk.now)
    assert desk.request(waiter).state is RequestState.WAITING


def test_somebody_whose_paper_another_showed_is_booked_by_no_tap(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    desk.session.execute(update(KnownPerson).where(KnownPerson.person_id == waiter.person.id).values(is_in_doubt=True))
    with pytest.raises(NobodyToBookFor):
        desk.accept(waiter)
    assert desk.states(waiter) == [OfferState.SENT], "the offer stands as before"


def test_who_comes_back_is_offered_what_became_free_while_they_were_away(desk: Desk) -> None:
    waiter = desk.wait()
    desk.offer()
    waiter.chat.reachable = False
    desk.free()
    desk.offer()
    look_anew_for_who_comes_back(desk.session, now=desk.now, limit=10)
    desk.later(minutes=30)
    desk.offer()
    assert (desk.states(waiter), desk.remaining()) == ([], 1)
    waiter.chat.reachable = True
    desk.session.flush()
    for _ in range(2):
        desk.offer()
    assert (desk.states(waiter), desk.remaining()) == ([OfferState.SENT], 0)


def test_a_place_that_is_too_near_to_be_offered_is_idle_for_nobody(desk: Desk) -> None:
    """Who asks at night is told in the morning: a start at half past seven is then too near to come."""
    early = make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=7, minute=30))
    desk.later(hours=13)
    waiter = desk.wait()
    desk.offer()
    assert (desk.states(waiter), desk.remaining(early)) == ([], early.capacity)
    assert verify(desk.session) == []
    make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=13))
    assert [each.rule for each in verify(desk.session)] == ["no_place_idle_while_somebody_waits"]
