"""Places that are set apart: how many, for whom, until when, and that they are never sold twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import Booked, book, cancel_by_office
from desk.appointments.models import Appointment
from desk.appointments.refusals import SlotTaken
from desk.capacity.actions import set_exception, set_shares
from desk.capacity.free import free_times
from desk.capacity.models import ExceptionKind, Slot
from desk.capacity.planning import materialise, refill
from desk.capacity.refusals import SharesOutOfOrder
from desk.capacity.shares import Apart, Share, Shares
from desk.events.models import Event
from desk.figures.counting import count_days
from desk.figures.models import DayFigures
from desk.people.rules import DocumentKind, IdentityDigest
from desk.places.actions import release_expired
from desk.places.models import Claim
from desk.places.shares import free_at_desk, use_walk_in, walk_ins, walk_ins_left
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.at_desk import move_at_desk
from tests.domain.booking_scene import WEEK
from tests.domain.test_at_desk import PAPER, AtDesk
from tests.makers import NOW, appointment_code, at, make_conversation, make_person
from tests.makers_hours import make_rule

STAFF: dict[str, Any] = {"actor": SYSTEM, "now": NOW}
QUARTERS = Shares(desk=25, walk_in=25, desk_hours=48)


class Counters(AtDesk):
    """A queue with two counters, each Saturday from 8 to 10: sixteen places."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        for weekday in range(7):
            make_rule(session, queue=self.queue, weekday=weekday, opens=480, closes=600, counters=2)
        self.share(Shares())

    def share(self, shares: Shares, **over: Any) -> None:
        if shares == Shares():  # nothing to say: the days are made by their rules
            refill(self.session, queue_id=self.queue.id, now=NOW)
            return
        set_shares(self.session, queue_id=self.queue.id, shares=shares, **(STAFF | over))

    def slots(self, day: date = WEEK) -> list[Slot]:
        found = select(Slot).where(Slot.queue_id == self.queue.id, Slot.day == day).order_by(Slot.starts_at)
        return list(self.session.scalars(found.execution_options(populate_existing=True)))

    def free(self, day: date = WEEK) -> int:
        return sum(slot.remaining for slot in self.slots(day))

    def apart(self, share: Share, day: date = WEEK) -> int:
        of_day = select(Claim.id).join(Slot, Slot.id == Claim.slot_id).where(Slot.day == day)
        return len(self.session.scalars(of_day.where(Claim.holder.startswith(f"{share}:"))).all())

    def walk_in(self) -> Booked:
        """Somebody without an appointment has the next place of the day."""
        self.keys += 1
        taken = use_walk_in(self.session, queue_id=self.queue.id, day=WEEK, now=NOW)
        assert taken is not None
        claim_id, slot_id = taken
        person = make_person(self.session, conversation=make_conversation(self.session))
        return book(
            self.session,
            idem_key=f"walk:{self.keys}",
            actor=SYSTEM,
            slot_id=slot_id,
            service_id=self.service.id,
            person_id=person.id,
            person_name="ر",
            document_kind=DocumentKind.AMAYESH,
            code=appointment_code(),
            walk_in=claim_id,
            now=NOW,
        )

    def all_of(self, slot: Slot) -> None:
        """Everybody's places of the slot are booked in chats."""
        for _ in range(self.left(slot)):
            chat = make_conversation(self.session)
            person = make_person(self.session, conversation=chat)
            self.book(slot, actor=Actor.chat(chat.id), person_id=person.id)


def broken(session: WriteSession) -> list[str]:
    """What is broken; the numbers of these tests are not stretched."""
    return [each.rule for each in verify(session) if each.rule != "numbers_are_stretched"]


@pytest.fixture
def scene(session: WriteSession) -> Counters:
    return Counters(session)


def test_shares_are_spread_over_the_day_and_rounded_down_together() -> None:
    assert Shares().split([2, 2]) == [Apart(), Apart()]
    assert Shares(desk=25).split([1] * 8) == [Apart(), Apart(), Apart(), Apart(1)] * 2
    assert Shares(desk=50, walk_in=50).split([2, 2]) == [Apart(1, 1)] * 2
    assert Shares(desk=10, walk_in=10).of_places(24) == Apart(2, 2)
    assert Shares(desk=10, walk_in=10).of_places(4) == Apart()
    for places in range(60):
        for desk, walk_in in ((5, 5), (33, 33), (70, 30), (100, 0), (1, 99)):
            each = Shares(desk=desk, walk_in=walk_in).split([3] * (places // 3) + [places % 3])
            total = Apart(sum(one.desk for one in each), sum(one.walk_in for one in each))
            assert total.places == places * (desk + walk_in) // 100
            assert abs(total.desk * 100 - places * desk) <= 100
            assert all(min(one) >= 0 and one.places <= 3 for one in each)


@pytest.mark.parametrize(
    "wrong", [{"desk": 60, "walk_in": 50}, {"desk": -1}, {"desk_hours": 721}, {"walk_in_hours": 13}]
)
def test_shares_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(SharesOutOfOrder):
        Shares(**wrong)


def test_without_shares_all_places_are_everybodys(scene: Counters) -> None:
    assert (scene.free(), scene.apart(Share.DESK), scene.apart(Share.WALK_IN)) == (16, 0, 0)
    assert broken(scene.session) == []


def test_what_is_set_apart_no_chat_finds_or_books(scene: Counters) -> None:
    scene.share(Shares(desk=100, desk_hours=48))
    slot = scene.slots()[0]
    assert (
        free_times(scene.session, service_id=scene.service.id, office_id=scene.queue.office_id, day=WEEK, after=NOW)
        == []
    )
    scene.refused(SlotTaken, lambda _session: scene.book(slot))
    assert scene.row(scene.desk(slot)).share is Share.DESK
    assert broken(scene.session) == []


def test_the_desk_takes_its_own_places_first_and_then_those_of_everybody(scene: Counters) -> None:
    scene.share(Shares(desk=50, desk_hours=48))
    slot = scene.slots()[0]
    places = {
        each.slot.slot_id: each.own
        for each in free_at_desk(
            scene.session, service_id=scene.service.id, office_id=scene.queue.office_id, day=None, after=NOW
        )
    }
    assert (places[slot.id], scene.left(slot)) == (1, 1)
    papers = [IdentityDigest(f"{n:064}", None) for n in range(3)]
    assert scene.row(scene.desk(slot, identity=papers[0])).share is Share.DESK
    assert scene.left(slot) == 1
    assert scene.row(scene.desk(slot, identity=papers[1])).share is None
    with pytest.raises(SlotTaken):
        scene.desk(slot, identity=papers[2])
    assert broken(scene.session) == []


def test_another_time_at_the_desk_is_one_of_its_own_too(scene: Counters) -> None:
    booked = scene.desk(scene.slots()[0])
    scene.share(Shares(desk=50, desk_hours=48))
    slot = scene.slots()[2]
    scene.all_of(slot)
    assert move_at_desk(
        scene.session,
        idem_key="moves",
        appointment_id=booked.appointment_id,
        slot_id=slot.id,
        identity=PAPER,
        actor=scene.clerk,
        now=NOW,
    )
    assert scene.row(booked).share is Share.DESK
    assert broken(scene.session) == []


def test_places_of_the_desk_open_to_everybody_so_many_hours_before(scene: Counters) -> None:
    scene.share(QUARTERS)
    assert (scene.free(), scene.apart(Share.DESK), scene.apart(Share.WALK_IN)) == (8, 4, 4)
    first = scene.slots()[0].starts_at
    release_expired(scene.session, now=first - timedelta(hours=49))
    assert (scene.free(), scene.apart(Share.DESK)) == (8, 4)
    release_expired(scene.session, now=scene.slots()[-1].starts_at - timedelta(hours=48))
    assert (scene.free(), scene.apart(Share.DESK), scene.apart(Share.WALK_IN)) == (12, 0, 4)
    assert broken(scene.session) == []


def test_those_for_people_without_appointment_never_open_before_their_day(scene: Counters) -> None:
    shares = Shares(walk_in=50, walk_in_hours=12)
    assert shares.until(Share.WALK_IN, at(WEEK, hour=8), zone="Asia/Tehran") == at(WEEK, hour=0)
    assert shares.until(Share.WALK_IN, at(WEEK, hour=15), zone="Asia/Tehran") == at(WEEK, hour=3)
    scene.share(shares)
    release_expired(scene.session, now=at(WEEK, hour=0) - timedelta(minutes=1), limit=10_000)
    assert scene.apart(Share.WALK_IN) == 8


def test_fewer_counters_leave_the_same_part_and_never_less_than_none(scene: Counters) -> None:
    scene.share(QUARTERS)
    set_exception(
        scene.session, queue_id=scene.queue.id, day=WEEK, kind=ExceptionKind.HOURS, counters=1, reason="ر", **STAFF
    )
    assert (scene.free(), scene.apart(Share.DESK), scene.apart(Share.WALK_IN)) == (4, 2, 2)
    set_exception(scene.session, queue_id=scene.queue.id, day=WEEK, kind=ExceptionKind.CLOSED, reason="ر", **STAFF)
    assert scene.apart(Share.DESK) + scene.apart(Share.WALK_IN) == 0
    assert broken(scene.session) == []


def test_people_come_before_shares_where_counters_go_down(scene: Counters) -> None:
    slot = scene.slots()[0]
    scene.all_of(slot)
    scene.share(Shares(desk=50, desk_hours=48))
    assert scene.left(slot) == 0
    set_exception(
        scene.session, queue_id=scene.queue.id, day=WEEK, kind=ExceptionKind.HOURS, counters=1, reason="ر", **STAFF
    )
    slot = scene.slots()[0]
    assert (slot.capacity, slot.planned, slot.remaining) == (2, 1, 0)
    assert broken(scene.session) == []


def test_a_used_place_is_not_set_apart_again(scene: Counters) -> None:
    scene.share(Shares(desk=50, desk_hours=48))
    slot = scene.slots()[0]
    booked = scene.desk(slot)
    scene.share(Shares(desk=50, desk_hours=24))
    scene.share(Shares())
    assert scene.left(slot) == 1
    set_shares(scene.session, queue_id=scene.queue.id, shares=Shares(walk_in=50), **STAFF)
    slot = scene.slots()[0]
    assert (slot.desk, slot.walk_in, slot.remaining) == (1, 1, 0)
    cancel_by_office(scene.session, appointment_id=booked.appointment_id, reason="ر", **STAFF)
    assert scene.left(slot) == 1
    assert broken(scene.session) == []


def test_a_smaller_share_gives_its_places_to_everybody(scene: Counters) -> None:
    scene.share(Shares(desk=75, desk_hours=48))
    assert scene.free() == 4
    set_shares(scene.session, queue_id=scene.queue.id, shares=Shares(desk=25, desk_hours=48), **STAFF)
    assert (scene.free(), scene.apart(Share.DESK)) == (12, 4)
    set_shares(scene.session, queue_id=scene.queue.id, shares=Shares(), **STAFF)
    assert (scene.free(), scene.apart(Share.DESK)) == (16, 0)
    assert broken(scene.session) == []


def test_a_place_without_appointment_is_given_out_once_and_given_back(scene: Counters) -> None:
    scene.share(Shares(walk_in=50))
    here: dict[str, Any] = {"office_id": scene.queue.office_id, "service_id": scene.service.id, "day": WEEK}
    assert walk_ins_left(scene.session, **here, after=NOW) == [(scene.queue.id, 8)]
    given = [scene.walk_in() for _ in range(8)]
    assert use_walk_in(scene.session, queue_id=scene.queue.id, day=WEEK, now=NOW) is None
    assert walk_ins_left(scene.session, **here, after=NOW) == []
    assert walk_ins(scene.session, office_id=scene.queue.office_id, day=WEEK) == (0, 8)
    assert {scene.row(each).share for each in given} == {Share.WALK_IN}
    assert scene.apart(Share.WALK_IN) == 0
    assert broken(scene.session) == []
    cancel_by_office(scene.session, appointment_id=given[0].appointment_id, reason="", **STAFF)
    assert scene.free() == 9
    assert broken(scene.session) == []


def test_the_history_keeps_what_it_was(scene: Counters) -> None:
    scene.share(QUARTERS)
    [event] = scene.session.scalars(select(Event).where(Event.kind == "shares.set"))
    assert event.data["new"]["desk_share"] == 25
    assert event.data["old"]["desk_share"] == 0
    assert scene.session.scalars(select(Appointment)).all() == []


def test_a_day_on_which_the_places_of_the_desk_are_open_already_has_none_apart(scene: Counters) -> None:
    scene.share(Shares(desk=50, desk_hours=720))
    assert (scene.free(), scene.apart(Share.DESK)) == (16, 0)
    assert broken(scene.session) == []


@pytest.mark.parametrize("share", list(Share))
def test_a_share_below_what_is_used_of_it_changes_no_slot_again(scene: Counters, share: Share) -> None:
    scene.share(Shares(desk=50, walk_in=50, desk_hours=48))
    if share is Share.DESK:
        scene.desk(scene.slots()[0])
    else:
        scene.walk_in()
    set_shares(scene.session, queue_id=scene.queue.id, shares=Shares(desk_hours=48), **STAFF)
    scene.session.flush()
    slot = scene.slots()[0]
    assert (slot.desk, slot.walk_in, slot.remaining) == (share is Share.DESK, share is Share.WALK_IN, 1)

    again = materialise(scene.session, queue_id=scene.queue.id, days=[WEEK], now=NOW)

    assert (again.made, again.changed, again.closed) == (0, 0, 0)
    assert broken(scene.session) == []


def test_a_used_place_that_is_given_back_is_no_longer_part_of_a_lowered_share(scene: Counters) -> None:
    scene.share(Shares(desk=50, desk_hours=48))
    booked = scene.desk(scene.slots()[0])
    set_shares(scene.session, queue_id=scene.queue.id, shares=Shares(desk_hours=48), **STAFF)
    cancel_by_office(scene.session, appointment_id=booked.appointment_id, reason="ر", **STAFF)

    changed = [materialise(scene.session, queue_id=scene.queue.id, days=[WEEK], now=NOW).changed for _ in range(2)]

    assert changed == [1, 0]
    assert scene.slots()[0].desk == 0


def test_the_figures_count_people_and_not_what_is_set_apart_for_them(scene: Counters) -> None:
    scene.share(Shares(desk=50, walk_in=50, desk_hours=48))
    scene.desk(scene.slots()[0])
    scene.walk_in()

    count_days(scene.session, id=scene.queue.id, now=NOW)

    row = scene.session.get_one(DayFigures, (scene.queue.id, WEEK))
    assert (row.released, row.taken, row.free) == (16, 2, 0)


@pytest.mark.parametrize(
    "later", [Shares(desk_hours=12), Shares(desk=25, desk_hours=12), Shares(walk_in=25, desk_hours=12)]
)
def test_other_hours_leave_the_places_that_are_used(scene: Counters, later: Shares) -> None:
    scene.share(Shares(desk=50, walk_in=50, desk_hours=48))
    slots = scene.slots()
    for n, slot in enumerate(slots):
        assert scene.row(scene.desk(slot, identity=IdentityDigest(f"{n:064}", None))).share is Share.DESK
    scene.walk_in()

    scene.share(later)

    assert [slot.desk for slot in scene.slots()] == [1] * len(slots)
    assert scene.slots()[0].walk_in >= 1
    assert broken(scene.session) == []
