"""What was drawn is kept for its winner, is nobody's to sell, and is offered only where the service is still given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.acting import SYSTEM
from desk.capacity.models import Slot
from desk.capacity.rules import SlotStatus
from desk.capacity.service_statuses import set_status
from desk.capacity.status_rules import GivingState, LegalBasis
from desk.draws.rules import DrawState
from desk.draws.running import run_draws
from desk.draws.taken_away import give_up_taken_away
from desk.people.actions import forget
from desk.people.models import KnownPerson
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.waiting.looking import offer_places
from desk.waiting.models import OfferRound, StandingRequest, StandingRequestPerson
from tests.domain.draw_scene import DAY, DRAWN, PROVINCE, Asker, Lottery, where_is
from tests.makers import TODAY, at, make_office, make_person, make_queue, make_slot
from tests.stories import Story, stories_of, tell

FAR = "IR-23"


def drawn(lottery: Lottery, *, askers: int) -> tuple[list[Asker], list[Asker]]:
    """Winners and losers of a draw that was held and whose messages arrived."""
    lottery.begin()
    for _ in range(askers):
        lottery.ask()
    lottery.held()
    lottery.deliver()
    return lottery.winners(), lottery.losers()


def test_a_service_that_is_suspended_meanwhile_is_offered_to_nobody_else(session: WriteSession) -> None:
    lottery = Lottery(session)
    winners, losers = drawn(lottery, askers=6)
    suspend(lottery)
    for _ in range(3):
        lottery.watch()
        lottery.run()
    assert {tuple(lottery.told(each)) for each in winners} == {("offer", "offer_gone")}
    assert {tuple(lottery.told(each)) for each in losers} == {("not_drawn",)}
    assert lottery.draw().state is DrawState.OVER
    assert verify(lottery.session) == []


def suspend(lottery: Lottery) -> None:
    """The directorate suspends the service at the office."""
    said: dict[str, Any] = {"state": GivingState.SUSPENDED, "basis": LegalBasis.DIRECTIVE, "reason": "why"}
    where: dict[str, Any] = {"office_id": lottery.office.id, "service_id": lottery.service.id}
    set_status(lottery.session, **where, **said, actor=SYSTEM, now=lottery.now)


def frozen_with(lottery: Lottery, *, askers: int) -> None:
    """The list is closed, and so many are in it."""
    lottery.begin()
    for _ in range(askers):
        lottery.ask()
    lottery.close()


def hold(lottery: Lottery) -> None:
    lottery.figures()
    lottery.reveal()
    lottery.now = DRAWN
    lottery.run()


def test_a_place_that_the_office_closed_since_the_list_closed_is_offered_to_nobody(session: WriteSession) -> None:
    lottery = Lottery(session)
    frozen_with(lottery, askers=5)
    closed = {"status": SlotStatus.CLOSED, "planned": 0, "capacity": 1, "remaining": 0, "is_open": False}
    session.execute(update(Slot).where(Slot.id == lottery.slots[1].id).values(**closed))
    hold(lottery)
    winners = lottery.winners()
    (without,) = [each for each in lottery.losers() if where_is(lottery, each).is_drawn]
    assert len(winners) == 2
    assert lottery.told(without) == ["drawn_taken_away"]
    assert (where_is(lottery, without).is_taken_away, where_is(lottery, without).is_next) == (True, True)
    assert verify(session) == []

    lottery.deliver()
    lottery.decline(winners[0])
    lottery.run()
    assert lottery.offer(without) is not None, "nobody in the order comes before who was drawn"
    assert (where_is(lottery, without).is_taken_away, where_is(lottery, without).is_next) == (False, False)
    assert verify(session) == []


def test_of_a_start_with_fewer_counters_as_many_are_offered_as_are_left(session: WriteSession) -> None:
    lottery = Lottery(session, places=(3,))
    frozen_with(lottery, askers=3)
    session.execute(update(Slot).where(Slot.id == lottery.slots[0].id).values(planned=2))
    hold(lottery)
    lottery.watch()
    assert len(lottery.winners()) == 2
    assert sorted(lottery.told(each)[0] for each in lottery.askers) == ["drawn_taken_away", "offer", "offer"]
    assert verify(session) == []


def test_a_service_that_is_suspended_before_the_result_is_offered_to_nobody(session: WriteSession) -> None:
    lottery = Lottery(session)
    frozen_with(lottery, askers=4)
    suspend(lottery)
    hold(lottery)
    assert lottery.winners() == []
    told = sorted(lottery.told(each)[0] for each in lottery.askers)
    assert told == ["drawn_taken_away"] * 3 + ["not_drawn"]
    assert lottery.draw().state is DrawState.OVER
    assert verify(session) == []


def test_a_place_whose_time_has_begun_is_given_up(session: WriteSession) -> None:
    lottery = Lottery(session)
    frozen_with(lottery, askers=3)
    assert give_up_taken_away(session, lottery.draw(), now=at(DAY, hour=9, minute=15)) == 2
    assert (lottery.remaining(), lottery.claims(ClaimKind.DRAWN)) == ([1, 1, 0], 1)


def test_the_place_of_who_has_another_offer_stays_theirs_until_that_is_answered(session: WriteSession) -> None:
    lottery = Lottery(session)
    winner = with_another_offer(lottery)
    lottery.run()
    assert len(lottery.winners()) == 3, "the other two who were drawn, and the other offer"
    assert lottery.draw().state is DrawState.DRAWN
    assert verify(lottery.session) == []
    lottery.decline(winner)
    lottery.run()
    offer = lottery.offer(winner)
    assert offer is not None
    assert lottery.session.get_one(OfferRound, offer.round_id).draw_id == lottery.draw_id
    assert verify(lottery.session) == []


def test_who_takes_the_other_offer_leaves_the_drawn_place_to_the_next(session: WriteSession) -> None:
    lottery = Lottery(session)
    winner = with_another_offer(lottery)
    lottery.run()
    lottery.accept(winner)
    lottery.run()
    assert len(lottery.winners()) == 3
    assert verify(lottery.session) == []


def with_another_offer(lottery: Lottery) -> Asker:
    """The moment of the result, in which one winner has an offer in another province; four asked for three places."""
    far = make_office(lottery.session, province_code=FAR)
    queue = make_queue(lottery.session, office=far, services=[lottery.service])
    lottery.begin()
    for _ in range(4):
        lottery.ask(provinces=(PROVINCE, FAR))
    lottery.close()
    lottery.figures()
    lottery.reveal()
    lottery.now = DRAWN
    run_draws(lottery.session, now=lottery.now)
    assert lottery.draw().state is DrawState.DRAWN
    winner = next(each for each in lottery.askers if where_is(lottery, each).is_drawn)
    long_ago = lottery.now - timedelta(days=50)
    waits = update(StandingRequest).values(looked_until=None)
    lottery.session.execute(waits)
    lottery.session.execute(waits.where(StandingRequest.id == winner.request).values(since=long_ago, rank_at=long_ago))
    make_slot(lottery.session, queue=queue, starts_at=at(TODAY + timedelta(days=8), hour=9), capacity=1)
    while offer_places(lottery.session, now=lottery.now):
        pass
    assert lottery.winners() == [winner]
    return winner


def test_who_has_an_offer_when_the_list_closes_is_in_it(session: WriteSession) -> None:
    lottery = Lottery(session)
    far = make_office(session, province_code=FAR)
    queue = make_queue(session, office=far, services=[lottery.service])
    lottery.begin()
    asker = lottery.ask(provinces=(PROVINCE, FAR))
    make_slot(session, queue=queue, starts_at=at(TODAY + timedelta(days=8), hour=9), capacity=1)
    while offer_places(session, now=lottery.now):
        pass
    assert lottery.offer(asker) is not None
    lottery.close()
    assert lottery.draw().listed == 1


def test_a_place_drawn_by_an_invented_number_is_nobodys_to_sell(session: WriteSession) -> None:
    lottery = Lottery(session)
    winners, losers = drawn(lottery, askers=4)
    broker, client = winners[0], make_person(lottery.session)
    known = select(KnownPerson.id).where(KnownPerson.person_id == broker.people[0].id)
    known_id = lottery.session.scalars(known).one()
    forget(lottery.session, actor=broker.actor, known_id=known_id, instead=client.id, now=lottery.now)
    lottery.run()
    assert lottery.offer(losers[0]) is not None
    waits = select(StandingRequest.since).join(
        StandingRequestPerson, StandingRequestPerson.request_id == StandingRequest.id
    )
    waits = waits.where(StandingRequestPerson.person_id == client.id)
    assert lottery.session.scalars(waits).all() == [lottery.now]
    assert verify(lottery.session) == []


def test_days_that_are_drawn_no_more_go_first_to_who_waits(session: WriteSession) -> None:
    lottery = Lottery(session)
    winners, _ = drawn(lottery, askers=1)
    lottery.accept(winners[0])
    lottery.run()
    later = lottery.slot(DAY + timedelta(days=5))
    asker = lottery.ask(from_day=DAY + timedelta(days=1))
    while offer_places(session, now=lottery.now):
        pass
    assert lottery.offer(asker) is None
    lottery.switch(is_drawn=False)
    while offer_places(session, now=lottery.now):
        pass
    assert lottery.offer(asker) is not None
    assert not session.get_one(Slot, later.id, populate_existing=True).is_open


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
