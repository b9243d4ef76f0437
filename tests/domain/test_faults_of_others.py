"""Faults that others found in systems for appointments and waiting lists, tried on this one; each names its report."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from desk.appointments.actions import cancel, move
from desk.capacity.models import QueueService
from desk.capacity.refusals import NotOpenYet
from desk.draws.rules import DrawState
from desk.places.actions import release_expired
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.waiting.looking import offer_places
from desk.waiting.rules import OfferState
from tests.domain.draw_scene import Lottery
from tests.domain.offer_scene import TOMORROW, Desk
from tests.makers import make_service
from tests.stories import Story, stories_of, tell


def test_who_took_an_offer_and_cancels_is_offered_nothing_more(session: WriteSession) -> None:
    """pretix 1163 and 1405: the entry stayed on the list, and the place was counted as taken for good."""
    desk = Desk(session)
    first, second = desk.wait(days=5), desk.wait(days=3)
    desk.free()
    desk.offer()
    desk.deliver()
    (booked,) = desk.accept(first).appointment_ids
    cancel(session, appointment_id=booked, actor=first.actor, now=desk.now)
    assert (desk.claims(ClaimKind.REST), desk.remaining()) == (1, 0)
    desk.later(hours=2)
    release_expired(session, now=desk.now)
    desk.offer()
    assert desk.states(first) == [OfferState.ACCEPTED]
    assert desk.states(second) == [OfferState.SENT]
    assert verify(session) == []


def test_the_first_of_the_line_is_not_passed_by_for_another_service_of_the_queue(session: WriteSession) -> None:
    """pretix 2119: the voucher went to the last of the list, because the first had asked for another product."""
    desk = Desk(session)
    usual, other = desk.service, make_service(session)
    session.add(QueueService(queue_id=desk.queue.id, service_id=other.id))
    session.flush()
    last = desk.wait(days=1)
    desk.service = other
    first = desk.wait(days=9)
    desk.service = usual
    desk.free()
    desk.offer()
    assert desk.states(first) == [OfferState.SENT]
    assert desk.states(last) == []


def test_who_waits_for_what_is_not_given_now_is_neither_asked_nor_loses_their_place(session: WriteSession) -> None:
    """pretix 3628: somebody for whom nothing could be had stood in the way of all behind them."""
    desk = Desk(session)
    usual, other = desk.service, make_service(session)
    session.add(QueueService(queue_id=desk.queue.id, service_id=other.id))
    session.flush()
    desk.service = other
    first = desk.wait(days=9)
    desk.service = usual
    last = desk.wait(days=1)
    session.execute(update(QueueService).where(QueueService.service_id == other.id).values(is_active=False))
    desk.free()
    desk.offer()
    assert (desk.states(first), desk.states(last)) == ([], [OfferState.SENT])
    assert desk.request(first).is_waiting


def test_an_appointment_is_moved_to_no_day_that_could_not_be_booked(session: WriteSession) -> None:
    """Cal.com 16150: moving went where booking could not."""
    desk = Desk(session)
    waiter = desk.wait()
    desk.free()
    desk.offer()
    desk.deliver()
    (booked,) = desk.accept(waiter).appointment_ids
    late = desk.full(TOMORROW + timedelta(days=20), hour=9)
    desk.free(late)
    desk.service.days_ahead = 5
    session.flush()
    with pytest.raises(NotOpenYet):
        move(
            session,
            idem_key="moves",
            appointment_id=booked,
            slot_id=late.id,
            actor=waiter.actor,
            now=desk.now,
        )
    assert verify(session) == []


def test_a_time_whose_last_person_left_can_be_had_again(session: WriteSession) -> None:
    """Cal.com 18460: a time with several places stayed shut once the last person was taken away."""
    lottery = Lottery(session, places=(2,))
    lottery.begin()
    askers = [lottery.ask() for _ in range(2)]
    lottery.held()
    lottery.deliver()
    for each in askers:
        lottery.decline(each)
    lottery.run()
    while offer_places(session, now=lottery.now):  # those who still wait have let these places go
        pass
    assert lottery.draw().state is DrawState.OVER
    assert lottery.remaining() == [2]
    assert verify(session) == []


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
