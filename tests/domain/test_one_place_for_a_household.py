"""Where one visit serves a household it takes one place of a slot, and gives it back when the last of it leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from desk.absences.unserved import record_unserved
from desk.acting import SYSTEM
from desk.appointments.actions import (
    Booked,
    book_together,
    cancel,
    cancel_by_office,
    cancel_together,
    let_go,
)
from desk.appointments.ending import fall
from desk.appointments.giving_back import places_of
from desk.appointments.looking import Time, bookable_time
from desk.appointments.models import Appointment, Household
from desk.appointments.queries import appointments_by_id, sharing_elsewhere
from desk.appointments.refusals import NotCancellable, SlotTaken
from desk.capacity.actions import set_quotas
from desk.capacity.models import QuotaDay, Slot, SlotStatus
from desk.capacity.shares import Share
from desk.conversations.rules import ChatLimits
from desk.places.actions import hold, release_expired
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_arrival, record_outcome
from desk.visits.rules import Outcome
from tests.domain.booking_scene import WEEK
from tests.domain.one_visit import OneVisit
from tests.makers import NOW, acting, at

LATER = NOW + timedelta(days=1)


@pytest.fixture
def family(session: WriteSession) -> OneVisit:
    return OneVisit(session)


@pytest.mark.requirement("000-13", "M")
def test_three_people_take_one_place(family: OneVisit) -> None:
    assert family.free() == (0, 1)
    assert family.have_place() == [True, False, False]
    assert len({each.code for each in family.done}) == 3, "each has an appointment"
    assert verify(family.session) == []


def test_who_has_no_place_there_is_refused_all_or_none(family: OneVisit) -> None:
    family.refused(
        SlotTaken,
        book_together,
        idem_key="others",
        actor=family.actor,
        service_id=family.service.id,
        members=family.others([family.here] * 2),
        now=NOW,
    )


def test_the_one_place_that_is_held_is_the_one_that_is_booked(session: WriteSession) -> None:
    family = OneVisit(session)
    third = family.slot(at(WEEK, hour=12), capacity=1, remaining=1)
    hold(session, actor=family.actor, slot_id=third.id, service_id=family.service.id, now=NOW)
    members = family.others([third] * 3)
    family.together([third] * 3, idem_key="held", members=members)
    assert family.left(third) == 0
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    assert verify(session) == []


def test_who_comes_along_gives_back_no_place(family: OneVisit) -> None:
    family.gives_back(1)
    assert (family.free(), family.resting()) == ((0, 1), 0)
    assert family.row(family.done[0]).has_place
    assert verify(family.session) == []


@pytest.mark.requirement("000-13", "M")
def test_who_has_the_place_hands_it_over_and_the_last_one_gives_it_back(family: OneVisit) -> None:
    family.gives_back(0)
    assert (family.free(), family.resting()) == ((0, 1), 0)
    assert family.have_place()[1:] == [True, False]
    family.gives_back(1)
    assert (family.free(), family.resting()) == ((0, 1), 0)
    family.gives_back(2)
    assert (family.free(), family.resting()) == ((0, 1), 1), "it rests as any"
    release_expired(family.session, now=LATER)
    assert family.free() == (1, 1)
    assert verify(family.session) == []


def test_all_give_back_one_place(family: OneVisit) -> None:
    cancel_together(family.session, appointment_id=family.id(1), actor=family.actor, now=NOW)
    assert family.resting() == 1
    assert verify(family.session) == []


def test_how_many_places_go_to_others_is_known_before(family: OneVisit) -> None:
    rows = appointments_by_id(family.session, appointment_ids=[family.id(each) for each in range(3)])
    mine = [rows[family.id(each)] for each in range(3)]
    assert [places_of(family.session, mine[:number]) for number in (1, 2, 3)] == [0, 0, 1]
    family.moves(2)
    [moved] = appointments_by_id(family.session, appointment_ids=[family.id(2)]).values()
    assert places_of(family.session, [moved]) == 1
    alone = family.book(family.slot(at(WEEK, hour=13)), person_id=family.people[5].id)
    [row] = appointments_by_id(family.session, appointment_ids=[alone.appointment_id]).values()
    assert places_of(family.session, [row]) == 1


def test_the_place_goes_to_others_with_the_last_who_is_left(family: OneVisit) -> None:
    for number in (0, 1):
        family.gives_back(number)
    [last] = appointments_by_id(family.session, appointment_ids=[family.id(2)]).values()
    assert places_of(family.session, [last]) == 1


@pytest.mark.parametrize("how", ["office", "fall", "let go"])
def test_however_it_ends_the_others_keep_the_place(family: OneVisit, how: str) -> None:
    def end(number: int) -> None:
        given: dict[str, Any] = {"appointment_id": family.id(number), "now": NOW}
        if how == "office":
            cancel_by_office(family.session, actor=SYSTEM, reason="r", **given)
        elif how == "fall":
            fall(family.session, actor=acting(1), **given)
        else:
            let_go(family.session, actor=SYSTEM, **given)

    if how == "let go":
        for number in range(3):
            family.is_moved(number)
        family.here, family.there = family.there, family.here
    assert family.free()[0] == 0
    end(0)
    end(1)
    assert family.free()[0] == 0
    assert family.have_place()[2]
    assert verify(family.session) == []
    end(2)
    assert family.free()[0] == 1
    assert verify(family.session) == []


def test_who_was_not_served_leaves_the_place_to_the_others(family: OneVisit) -> None:
    over = at(WEEK, hour=9) + timedelta(days=1)
    record_unserved(family.session, appointment_id=family.id(0), reason="r", actor=acting(1), now=over)
    assert family.left(family.here) == 0
    assert family.have_place()[1]
    assert verify(family.session) == []


def test_who_moves_alone_takes_a_place_and_the_rest_comes_after(family: OneVisit) -> None:
    family.moves(0)
    assert (family.free(), family.resting()) == ((0, 0), 0)
    assert family.have_place() == [True, True, False], "a place at each time"
    assert verify(family.session) == []
    family.moves(2)
    assert (family.free(), family.have_place()) == ((0, 0), [True, True, False])
    family.moves(1)
    assert (family.have_place(), family.resting()) == ([True, False, False], 1)
    release_expired(family.session, now=LATER)
    assert family.free() == (1, 0)
    assert verify(family.session) == []


def test_who_comes_along_cannot_move_where_nothing_is_free_and_nobody_of_them_stands(family: OneVisit) -> None:
    full = family.slot(at(WEEK, hour=12), capacity=1, remaining=1)
    family.book(full, person_id=family.people[5].id)
    with pytest.raises(SlotTaken):
        family.moves(1, to=full)
    assert verify(family.session) == []


def test_a_place_that_was_held_for_the_move_goes_back_where_one_of_them_stands(family: OneVisit) -> None:
    wide = family.slot(at(WEEK, hour=12), capacity=2, remaining=2)
    family.moves(0, to=wide)
    hold(family.session, actor=family.actor, slot_id=wide.id, service_id=family.service.id, now=NOW)
    family.moves(1, to=wide)
    assert family.left(wide) == 1
    assert verify(family.session) == []


@pytest.mark.parametrize("by_office", [False, True])
def test_nobody_joins_at_a_time_that_is_closed_while_it_is_read(
    family: OneVisit, monkeypatch: pytest.MonkeyPatch, by_office: bool
) -> None:
    move_one, read = family.is_moved if by_office else family.moves, bookable_time

    def closed_then(session: WriteSession, **asked: Any) -> Time:
        time = read(session, **asked)
        session.execute(update(Slot).where(Slot.id == family.there.id).values(status=SlotStatus.CLOSED, is_open=False))
        return time

    move_one(0)
    monkeypatch.setattr("desk.appointments.moving.bookable_time", closed_then)
    with pytest.raises(SlotTaken):
        move_one(1)
    assert family.have_place() == [True, True, False]


@pytest.mark.parametrize("by_office", [False, True])
def test_who_joins_the_others_counts_for_no_quota(family: OneVisit, by_office: bool) -> None:
    set_quotas(family.session, queue_id=family.queue.id, quotas={family.service.id: 2}, actor=SYSTEM, now=NOW)
    family.moves(0)
    move_one = family.is_moved if by_office else family.moves
    move_one(1)
    assert [family.row(each).is_counted for each in family.done] == [True, False, True]
    assert verify(family.session) == []


def test_who_is_only_proposed_another_time_is_nobody_to_join(family: OneVisit) -> None:
    def elsewhere() -> list[int]:
        [mine] = appointments_by_id(family.session, appointment_ids=[family.id(2)]).values()
        return [each.id for each in sharing_elsewhere(family.session, mine, now=NOW)]

    family.moves(0)
    assert elsewhere() == [family.id(0)]
    family.is_moved(1)
    assert elsewhere() == [family.id(0)]
    cancel(family.session, appointment_id=family.id(0), actor=family.actor, now=NOW)
    assert elsewhere() == []


def test_the_office_moves_all_to_one_place(family: OneVisit) -> None:
    for number in range(3):
        family.is_moved(number)
    assert family.free() == (1, 0)
    assert family.have_place() == [True, False, False]
    assert verify(family.session) == []


def test_at_the_desk_the_first_takes_its_place_and_the_others_none(family: OneVisit) -> None:
    session = family.session
    session.execute(update(Slot).where(Slot.id == family.there.id).values(remaining=0, is_open=False, desk=1))
    share = {"kind": ClaimKind.SHARE, "slot_id": family.there.id, "holder": f"desk:{family.there.id}", "nth": 1}
    session.add(Claim(**share))
    session.flush()
    for number in range(3):
        family.is_moved(number, at_desk=True)
    assert family.row(family.done[0]).share is Share.DESK
    assert family.free() == (1, 0)
    assert verify(session) == []
    cancel_by_office(session, appointment_id=family.id(0), actor=SYSTEM, reason="r", now=NOW)
    assert family.row(family.done[1]).share is Share.DESK, "handed over with the place"
    assert verify(session) == []


def test_a_place_handed_over_counts_for_the_quota_as_before(session: WriteSession) -> None:
    family = OneVisit(session)
    quotas = {family.service.id: 1}
    set_quotas(session, queue_id=family.queue.id, quotas=quotas, actor=SYSTEM, now=NOW)
    taken = select(QuotaDay.taken).where(QuotaDay.day == WEEK)
    assert session.scalars(taken).all() == [1], "one visit"
    family.gives_back(0)
    assert (family.row(family.done[1]).is_counted, session.scalars(taken).all()) == (True, [1])
    assert verify(session) == []
    for number in (1, 2):
        family.gives_back(number)
    release_expired(session, now=LATER)
    assert session.scalars(taken.execution_options(populate_existing=True)).all() == [0]
    assert verify(session) == []
    members = family.others([family.there] * 3)
    family.together([family.there] * 3, idem_key="again", members=members, limits=ChatLimits(cancellations=9))
    assert session.scalars(taken).all() == [1]
    assert verify(session) == []


def test_who_has_arrived_has_the_place_when_the_others_leave(family: OneVisit) -> None:
    record_arrival(family.session, appointment_id=family.id(2), actor=acting(1), now=at(WEEK, hour=8))
    family.session.execute(update(Appointment).where(Appointment.id == family.id(1)).values(is_live=True))
    early = at(WEEK, hour=8)
    for number in (0, 1):
        cancel(family.session, appointment_id=family.id(number), actor=family.actor, now=early)
    assert family.have_place()[2]
    assert family.left(family.here) == 0
    assert verify(family.session) == []
    with pytest.raises(NotCancellable):
        cancel(family.session, appointment_id=family.id(2), actor=family.actor, now=early)


def test_who_was_served_keeps_the_place_when_the_others_leave(family: OneVisit) -> None:
    on_the_day = at(WEEK, hour=8)
    record_outcome(
        family.session,
        appointment_id=family.id(2),
        outcome=Outcome.SERVED,
        is_sure=True,
        actor=acting(1),
        now=on_the_day,
    )
    for number in (0, 1):
        cancel(family.session, appointment_id=family.id(number), actor=family.actor, now=on_the_day)
    assert family.left(family.here) == 0, "a place of the past stays in the count of its day"
    assert verify(family.session) == []


def test_who_joins_counts_for_no_quota(family: OneVisit) -> None:
    quotas = {family.service.id: 3}
    set_quotas(family.session, queue_id=family.queue.id, quotas=quotas, actor=SYSTEM, now=NOW)
    family.moves(0)
    family.moves(1)
    assert [family.row(each).is_counted for each in family.done] == [True, False, True]
    assert verify(family.session) == []
    noon = family.slot(at(WEEK, hour=12), capacity=1, remaining=1)
    release_expired(family.session, now=LATER)
    for number in range(3):
        family.is_moved(number, to=noon)
    assert [family.row(each).is_counted for each in family.done] == [True, False, False]
    assert verify(family.session) == []


def test_what_is_booked_stays_as_it_is_when_the_service_is_set_anew(session: WriteSession) -> None:
    family = OneVisit(session)
    family.service.is_per_household = False
    session.flush()
    family.gives_back(0)
    assert family.left(family.here) == 0
    assert verify(session) == []
    wide = family.slot(at(WEEK, hour=12), capacity=2, remaining=2)
    members = family.others([wide] * 2)
    each_one = family.together([wide] * 2, idem_key="each", members=members)
    assert family.left(wide) == 0
    family.service.is_per_household = True
    session.flush()
    cancel(session, appointment_id=each_one[0].appointment_id, actor=family.actor, now=NOW)
    assert family.resting() == 1, "it had a place of its own"
    assert verify(session) == []


def test_one_alone_takes_a_place_as_ever_and_shares_it_with_nobody(family: OneVisit) -> None:
    wide = family.slot(at(WEEK, hour=12), capacity=2, remaining=2)
    alone: list[Booked] = [family.book(wide, person_id=person.id) for person in family.people[4:6]]
    assert family.left(wide) == 0
    assert all(family.row(each).has_place for each in alone)
    household = select(Household.shares_place)
    assert family.session.scalars(household).all() == [True], "of the family alone"


def test_a_household_at_two_times_has_a_place_at_each(session: WriteSession) -> None:
    family = OneVisit(session)
    first, second = (family.slot(at(WEEK, hour=hour), capacity=1, remaining=1) for hour in (14, 15))
    members = family.others([first, second, first])
    family.done = family.together([first, second, first], idem_key="two times", members=members)
    assert family.have_place() == [True, True, False]
    assert verify(session) == []
