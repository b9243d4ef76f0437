"""Those who wait, and those whose places are drawn, are offered no more than the quota of the day leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

from desk.acting import SYSTEM, Actor
from desk.capacity.models import QuotaDay, Slot
from desk.capacity.refusals import QuotaUsedUp
from desk.capacity.saving_quotas import set_quotas
from desk.places.holds import hold
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.waiting.models import FreedPlace
from desk.waiting.rules import OfferState
from tests.domain.draw_scene import DAY, Lottery
from tests.domain.offer_scene import TOMORROW, Desk
from tests.makers import at, make_conversation, make_slot


def bound(place: Desk | Lottery, most: int | None) -> None:
    quotas = {place.service.id: most}
    set_quotas(place.session, queue_id=place.queue.id, quotas=quotas, actor=SYSTEM, now=place.now)


def taken(session: WriteSession, day: date = TOMORROW) -> int:
    return session.scalar(select(QuotaDay.taken).where(QuotaDay.day == day)) or 0


def broken(session: WriteSession) -> list[str]:
    return [each.rule for each in verify(session) if each.rule != "numbers_are_stretched"]


@pytest.fixture
def desk(session: WriteSession) -> Desk:
    return Desk(session)


def looks(desk: Desk, slot: Slot) -> None:
    """A chat that waits for nothing holds a place that it found."""
    actor = Actor.chat(make_conversation(desk.session).id)
    hold(desk.session, actor=actor, slot_id=slot.id, service_id=desk.service.id, now=desk.now)


def free_another(desk: Desk, *, hour: int) -> Slot:
    """A start at which two are booked, of whom one was cancelled by the office."""
    slot = desk.full(TOMORROW, hour=hour)
    desk.free(slot)
    return slot


def test_of_two_who_wait_one_is_offered_what_the_quota_leaves(desk: Desk) -> None:
    bound(desk, 2)
    first, second = desk.wait(days=2), desk.wait(days=1)
    desk.free(places=2)
    assert taken(desk.session) == 0
    bound(desk, 1)
    desk.offer()
    assert (desk.states(first), desk.states(second), taken(desk.session)) == ([OfferState.SENT], [], 1)
    desk.deliver(first)
    desk.accept(first)
    desk.offer()
    assert (desk.states(second), taken(desk.session), broken(desk.session)) == ([], 1, [])


def test_who_declines_gives_it_back_to_the_next(desk: Desk) -> None:
    bound(desk, 2)
    first, second = desk.wait(days=2), desk.wait(days=1)
    desk.free()
    desk.offer()
    desk.deliver(first)
    assert taken(desk.session) == 2
    desk.decline(first)
    desk.offer()
    assert (desk.states(second), taken(desk.session), broken(desk.session)) == ([OfferState.SENT], 2, [])


def test_a_household_that_fits_not_within_the_quota_waits_on_and_the_next_is_offered(desk: Desk) -> None:
    bound(desk, 3)
    family, alone = desk.wait(days=2, people=2), desk.wait(days=1)
    desk.free(places=2)
    bound(desk, 1)
    desk.offer()
    assert (desk.states(family), desk.states(alone), taken(desk.session)) == ([], [OfferState.SENT], 1)
    assert broken(desk.session) == []


def test_what_is_on_offer_when_a_quota_is_set_is_kept(desk: Desk) -> None:
    waiter = desk.wait()
    desk.free()
    desk.offer()
    bound(desk, 1)
    assert taken(desk.session) == 2  # the one that is booked, and the offer
    desk.deliver(waiter)
    desk.accept(waiter)
    assert (desk.states(waiter), taken(desk.session), broken(desk.session)) == ([OfferState.ACCEPTED], 2, [])


def test_free_places_are_found_for_who_waits_only_on_days_that_have_room(desk: Desk) -> None:
    slot = free_another(desk, hour=11)
    bound(desk, 1)  # three are booked
    desk.offer()
    waiter = desk.wait()
    desk.offer()
    assert (desk.states(waiter), desk.remaining(slot)) == ([], 1)
    assert broken(desk.session) == []


def test_for_a_household_nothing_is_kept_on_a_day_that_leaves_too_few(desk: Desk) -> None:
    desk.slot.capacity = desk.slot.planned = 4
    desk.slot.remaining, desk.slot.is_open = 2, True
    desk.session.flush()
    bound(desk, 3)
    family = desk.wait(people=2)
    desk.offer()
    freed = desk.session.scalar(select(func.count()).select_from(FreedPlace))
    assert (desk.states(family), freed, desk.remaining()) == ([], 0, 2)


def test_a_place_is_not_kept_for_those_whose_quota_is_used_up(desk: Desk) -> None:
    bound(desk, 1)  # two are booked: with one of them gone it is still used up
    desk.wait()
    desk.free()
    assert (desk.claims(ClaimKind.KEPT), desk.remaining(), taken(desk.session)) == (0, 1, 1)


@pytest.mark.parametrize(("most", "counts"), [(4, 4), (None, 3)])
def test_a_quota_that_rises_or_ends_is_told_to_who_waits_first(desk: Desk, most: int | None, counts: int) -> None:
    free_another(desk, hour=11)
    bound(desk, 3)
    waiter = desk.wait()
    desk.offer()
    assert (desk.states(waiter), taken(desk.session)) == ([], 3)
    bound(desk, most)
    assert desk.claims(ClaimKind.KEPT) == 1
    desk.offer()
    assert (desk.states(waiter), taken(desk.session), broken(desk.session)) == ([OfferState.SENT], counts, [])


def test_where_a_day_has_room_again_who_waits_is_asked_before_everybody(desk: Desk) -> None:
    """Other starts of the day are free all the time; what was missing was one of the quota."""
    bound(desk, 2)
    desk.slot.capacity = desk.slot.planned = 3
    desk.slot.remaining, desk.slot.is_open = 1, True
    desk.session.flush()
    waiter = desk.wait()
    desk.offer()
    assert desk.states(waiter) == []
    desk.free()
    assert desk.claims(ClaimKind.KEPT) == 2
    desk.offer()
    assert (desk.states(waiter), taken(desk.session), broken(desk.session)) == ([OfferState.SENT], 2, [])


def test_a_program_that_looks_each_second_has_nothing_before_the_line_was_asked(desk: Desk) -> None:
    """Other times of the day are free all the time, and by one of these it would take the place of who waits."""
    bound(desk, 2)
    later = make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=15), capacity=2)
    waiter = desk.wait()
    desk.offer()
    desk.free()
    assert (desk.claims(ClaimKind.KEPT), desk.remaining(later)) == (2, 1)
    with pytest.raises(QuotaUsedUp):
        looks(desk, later)
    assert taken(desk.session) == 1
    desk.offer()
    assert (desk.states(waiter), taken(desk.session), broken(desk.session)) == ([OfferState.SENT], 2, [])


def test_where_the_quota_is_enough_for_all_who_wait_nobody_else_is_kept_off(desk: Desk) -> None:
    bound(desk, 5)
    later = make_slot(desk.session, queue=desk.queue, starts_at=at(TOMORROW, hour=15), capacity=2)
    desk.wait()
    desk.free()
    assert desk.claims(ClaimKind.KEPT) == 1
    looks(desk, later)
    assert (taken(desk.session), desk.remaining(later)) == (2, 1)


def test_a_draw_takes_and_gives_no_more_than_the_quota(session: WriteSession) -> None:
    lottery = Lottery(session, places=(2, 2))
    bound(lottery, 3)
    lottery.begin()
    askers = [lottery.ask() for _ in range(5)]
    lottery.held()
    assert (lottery.claims(ClaimKind.DRAWN) + lottery.claims(ClaimKind.OFFER), taken(session, DAY)) == (3, 3)
    assert len([each for each in askers if lottery.offer(each)]) == 3
    assert broken(session) == []


def test_what_a_draw_has_taken_when_a_quota_is_set_is_kept(session: WriteSession) -> None:
    lottery = Lottery(session)
    lottery.begin()
    askers = [lottery.ask() for _ in range(3)]
    lottery.held()
    bound(lottery, 1)
    assert taken(session, DAY) == 3
    assert len([each for each in askers if lottery.offer(each)]) == 3
    assert broken(session) == []


def test_what_a_closed_list_has_taken_counts_once_however_often_a_quota_is_set(session: WriteSession) -> None:
    lottery = Lottery(session)
    lottery.begin()
    for _ in range(3):
        lottery.ask()
    lottery.close()
    assert lottery.claims(ClaimKind.DRAWN) == 3
    for most in (1, 2, None, 1):
        bound(lottery, most)
        assert (taken(session, DAY), broken(session)) == (3, [])


async def test_offers_within_a_quota_are_made_on_both_databases(storage: Storage) -> None:
    def act(session: WriteSession) -> tuple[Any, ...]:
        desk = Desk(session)
        bound(desk, 2)
        first, second = desk.wait(days=2), desk.wait(days=1)
        desk.free()
        desk.offer()
        desk.deliver(first)
        desk.decline(first)
        desk.offer()
        desk.deliver(second)
        desk.accept(second)
        return (desk.states(first), desk.states(second), taken(session))

    assert await storage.write(act) == ([OfferState.DECLINED], [OfferState.ACCEPTED], 2)
    assert [each.rule for each in await storage.read(verify) if "quota" in each.rule] == []


def why_not(desk: Desk) -> list[dict[str, int]]:
    """Why others were not offered what was decided about, in the order in which it was."""
    return [dict(each) for each in desk.session.scalars(select(FreedPlace.others).order_by(FreedPlace.id))]


def test_who_is_stopped_by_the_quota_is_not_said_to_be_later_in_the_line(desk: Desk) -> None:
    """Two places and a quota of one: a household, and the second of two others, are stopped by nothing else."""
    bound(desk, 2)
    family, first, second = desk.wait(days=4, people=2), desk.wait(days=3), desk.wait(days=2)
    desk.free(places=2)
    bound(desk, 1)
    desk.offer()
    assert [desk.states(each) for each in (family, first, second)] == [[], [OfferState.SENT], []]
    assert why_not(desk) == [{"quota": 2}, {"quota": 2, "has_offer": 1}]


def test_a_line_whose_quota_is_used_up_is_told_as_the_reason(desk: Desk) -> None:
    """It was used up after the place was kept: the place is offered to nobody, and not because of its time."""
    bound(desk, 2)
    waiter = desk.wait()
    desk.wait(weekdays=frozenset({4}))
    desk.free()
    desk.session.execute(update(QuotaDay).values(taken=2))
    desk.offer()
    assert (desk.states(waiter), desk.remaining()) == ([], 1)
    assert why_not(desk) == [{"quota": 1, "weekday": 1}]
