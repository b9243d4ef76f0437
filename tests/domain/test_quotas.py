"""A queue takes so many people a day for a service: each way that takes or gives back a place keeps that count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import book, book_together, cancel, cancel_by_office, move, move_by_office
from desk.appointments.booking import Booked
from desk.appointments.households import Member
from desk.appointments.refusals import QuotaUsedUp, SlotTaken
from desk.capacity.elsewhere import soonest_elsewhere
from desk.capacity.free import first_free, free_days, free_times
from desk.capacity.models import QueueService, QuotaDay, Slot
from desk.capacity.next_free import ServiceHere, days_to_next_free
from desk.capacity.opening import next_opening
from desk.capacity.saving_quotas import set_quotas
from desk.capacity.together import times_together
from desk.offices.models import Office
from desk.people.rules import DocumentKind
from desk.places.actions import hold, release, release_expired
from desk.places.quotas import OfDay, count, give_back, took
from desk.places.shares import free_at_desk
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.at_desk import move_at_desk
from tests.domain.booking_scene import WEEK
from tests.domain.test_at_desk import OTHER, PAPER, AtDesk
from tests.makers import (
    NOW,
    TODAY,
    appointment_code,
    at,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)

NEXT = WEEK + timedelta(days=1)


class Scarce(AtDesk):
    """A queue for two services, of which one has a quota; some starts on two days, two places each."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        self.other = make_service(session)
        session.add(QueueService(queue_id=self.queue.id, service_id=self.other.id))
        session.flush()
        self.nine, self.ten, self.eleven = (self.slot(at(WEEK, hour=hour), capacity=2) for hour in (9, 10, 11))
        self.later = self.slot(at(NEXT, hour=9), capacity=2)

    def bound(self, most: int | None, **over: Any) -> None:
        usual: dict[str, Any] = {"quotas": {self.service.id: most}, "actor": SYSTEM, "now": NOW}
        set_quotas(self.session, queue_id=self.queue.id, **(usual | over))

    def somebody(self) -> tuple[Actor, int]:
        chat = make_conversation(self.session)
        return Actor.chat(chat.id), make_person(self.session, conversation=chat).id

    def come(self, slot: Slot, **over: Any) -> tuple[Actor, Booked]:
        """Somebody with a chat of their own books."""
        actor, person_id = self.somebody()
        return actor, self.book(slot, **({"actor": actor, "person_id": person_id} | over))

    def taken(self, day: date = WEEK) -> int:
        found = select(QuotaDay.taken).where(QuotaDay.day == day, QuotaDay.service_id == self.service.id)
        return self.session.scalar(found) or 0

    def days(self, *, service_id: int | None = None) -> list[date]:
        found = free_days(
            self.session, service_id=service_id or self.service.id, office_id=self.queue.office_id, after=NOW
        )
        return [each.day for each in found]

    def first(self, *, service_id: int | None = None) -> datetime:
        here: dict[str, Any] = {"office_ids": [self.queue.office_id], "after": NOW, "limit": 1}
        [found] = first_free(self.session, service_id=service_id or self.service.id, **here)
        return found.starts_at

    def broken(self) -> list[str]:
        return [each.rule for each in verify(self.session) if each.rule != "numbers_are_stretched"]


@pytest.fixture
def scene(session: WriteSession) -> Scarce:
    return Scarce(session)


# what is offered ------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("000-13", "M")
def test_a_day_whose_quota_is_used_up_is_offered_for_the_other_service_only(scene: Scarce) -> None:
    scene.bound(2)
    scene.come(scene.nine)
    assert (scene.days(), scene.first()) == ([WEEK, NEXT], scene.nine.starts_at)
    scene.come(scene.ten)
    assert (scene.days(), scene.first()) == ([NEXT], scene.later.starts_at)
    here: dict[str, Any] = {"office_id": scene.queue.office_id, "day": WEEK, "after": NOW}
    assert free_times(scene.session, service_id=scene.service.id, **here) == []
    assert len(free_times(scene.session, service_id=scene.other.id, **here)) == 3
    assert (scene.days(service_id=scene.other.id), scene.first(service_id=scene.other.id)) == (
        [WEEK, NEXT],
        scene.nine.starts_at,
    )
    assert scene.broken() == []


def test_a_day_counts_no_more_free_places_than_its_quota_leaves(scene: Scarce) -> None:
    def free() -> list[int | None]:
        found = free_days(scene.session, service_id=scene.service.id, office_id=scene.queue.office_id, after=NOW)
        return [each.free for each in found]

    assert free() == [6, 2]
    scene.bound(4)
    scene.come(scene.nine)
    assert free() == [3, 2]


def test_the_outlook_waits_for_a_day_that_is_not_used_up(scene: Scarce) -> None:
    scene.bound(1)
    scene.come(scene.nine)
    found = days_to_next_free(scene.session, queue_ids=[scene.queue.id], now=NOW)
    here = [found[ServiceHere(scene.queue.office_id, service.id)] for service in (scene.service, scene.other)]
    assert here == [(NEXT - TODAY).days, (WEEK - TODAY).days]


def test_the_desk_finds_no_time_of_a_day_that_is_used_up(scene: Scarce) -> None:
    scene.bound(1)
    here: dict[str, Any] = {"office_id": scene.queue.office_id, "day": WEEK, "after": NOW}
    assert len(free_at_desk(scene.session, service_id=scene.service.id, **here)) == 3
    scene.desk(scene.nine)
    assert free_at_desk(scene.session, service_id=scene.service.id, **here) == []
    assert len(free_at_desk(scene.session, service_id=scene.other.id, **here)) == 3


def test_the_next_day_that_opens_is_one_with_room(scene: Scarce) -> None:
    scene.bound(1)
    scene.service.days_ahead = 3
    scene.come(scene.nine, actor=SYSTEM)
    here: dict[str, Any] = {"service_id": scene.service.id, "office_id": scene.queue.office_id}
    opening = next_opening(scene.session, **here, now=NOW)
    assert opening is not None
    assert opening.day == NEXT


def test_of_two_queues_that_begin_together_the_one_with_room_is_offered_elsewhere(scene: Scarce) -> None:
    scene.bound(1)
    scene.come(scene.ten)
    office = scene.session.get_one(Office, scene.queue.office_id)
    second = make_queue(scene.session, office=office, services=[scene.service])
    slot = make_slot(scene.session, queue=second, starts_at=at(WEEK, hour=9))
    given: dict[str, Any] = {"near": None, "province_code": None, "except_office": None, "after": NOW}
    [found] = soonest_elsewhere(scene.session, service_id=scene.service.id, **given)
    assert found.slot.slot_id == slot.id


# who takes ------------------------------------------------------------------------------------------------------------


def test_one_more_than_the_quota_is_refused_and_changes_nothing(scene: Scarce) -> None:
    scene.bound(1)
    scene.come(scene.nine)
    actor, person_id = scene.somebody()
    given: dict[str, Any] = {
        "idem_key": "late",
        "actor": actor,
        "slot_id": scene.ten.id,
        "service_id": scene.service.id,
        "person_id": person_id,
        "person_name": "نام",
        "document_kind": DocumentKind.AMAYESH,
        "code": appointment_code(),
        "now": NOW,
    }
    refusal = scene.refused(QuotaUsedUp, book, **given)
    assert (refusal.slot_id, refusal.service_id, scene.taken()) == (scene.ten.id, scene.service.id, 1)
    book(scene.session, **(given | {"service_id": scene.other.id}))
    book(scene.session, **(given | {"idem_key": "next", "slot_id": scene.later.id, "code": appointment_code()}))
    assert (scene.taken(), scene.taken(NEXT), scene.broken()) == (1, 1, [])


def test_a_full_time_is_refused_as_full_and_takes_nothing_of_the_quota(scene: Scarce) -> None:
    scene.bound(5)
    for _ in range(2):
        scene.come(scene.nine, service_id=scene.other.id)
    actor, person_id = scene.somebody()
    with pytest.raises(SlotTaken):
        scene.book(scene.nine, actor=actor, person_id=person_id)
    assert (scene.taken(), scene.broken()) == (0, [])


def test_the_desk_takes_of_the_same_quota(scene: Scarce) -> None:
    scene.bound(1)
    booked = scene.desk(scene.nine)
    with pytest.raises(QuotaUsedUp):
        scene.desk(scene.ten, identity=OTHER)
    given: dict[str, Any] = {"identity": PAPER, "actor": scene.clerk, "now": NOW}
    assert move_at_desk(
        scene.session,
        idem_key="move",
        appointment_id=booked.appointment_id,
        slot_id=scene.later.id,
        **given,
    )
    assert (scene.taken(), scene.taken(NEXT), scene.broken()) == (0, 1, [])


def test_a_hold_takes_one_until_it_is_let_go_or_booked(scene: Scarce) -> None:
    scene.bound(1)
    actor, person_id = scene.somebody()
    hold(scene.session, actor=actor, slot_id=scene.nine.id, service_id=scene.service.id, now=NOW)
    hold(scene.session, actor=actor, slot_id=scene.ten.id, service_id=scene.service.id, now=NOW)  # it is their own
    assert (scene.taken(), scene.days()) == (1, [NEXT])
    late, _person = scene.somebody()
    scene.refused(QuotaUsedUp, hold, actor=late, slot_id=scene.nine.id, service_id=scene.service.id, now=NOW)
    release(scene.session, actor=actor)
    assert (scene.taken(), scene.days()) == (0, [WEEK, NEXT])
    hold(scene.session, actor=actor, slot_id=scene.nine.id, service_id=scene.service.id, now=NOW)
    scene.book(scene.nine, actor=actor, person_id=person_id)
    assert (scene.taken(), scene.broken()) == (1, [])


def test_a_hold_that_expires_gives_its_quota_back(scene: Scarce) -> None:
    scene.bound(1)
    actor, _person = scene.somebody()
    hold(scene.session, actor=actor, slot_id=scene.nine.id, service_id=scene.service.id, now=NOW)
    release_expired(scene.session, now=NOW + timedelta(hours=1))
    assert (scene.taken(), scene.days(), scene.broken()) == (0, [WEEK, NEXT], [])


def test_who_holds_the_last_one_books_another_time_of_the_day_with_it(scene: Scarce) -> None:
    scene.bound(1)
    actor, person_id = scene.somebody()
    hold(scene.session, actor=actor, slot_id=scene.nine.id, service_id=scene.service.id, now=NOW)
    scene.book(scene.ten, actor=actor, person_id=person_id)
    assert (scene.taken(), scene.left(scene.nine), scene.broken()) == (1, 2, [])


def test_who_holds_one_of_a_day_and_books_another_day_takes_of_that_day(scene: Scarce) -> None:
    scene.bound(1)
    actor, person_id = scene.somebody()
    hold(scene.session, actor=actor, slot_id=scene.nine.id, service_id=scene.service.id, now=NOW)
    scene.come(scene.later, actor=actor, person_id=person_id)
    assert (scene.taken(), scene.taken(NEXT), scene.broken()) == (0, 1, [])
    scene.come(scene.ten)
    assert (scene.taken(), scene.broken()) == (1, [])


def test_a_household_is_within_the_quota_whole_or_not_at_all(scene: Scarce) -> None:
    scene.bound(3)
    scene.come(scene.eleven)
    scene.come(scene.eleven, service_id=scene.other.id)
    large = scene.slot(at(WEEK, hour=14), capacity=4)
    chat = make_conversation(scene.session)
    people = [make_person(scene.session, conversation=chat).id for _ in range(3)]

    def found(number: int) -> list[int]:
        here: dict[str, Any] = {"office_id": scene.queue.office_id, "day": WEEK, "people": number, "after": NOW}
        together = times_together(scene.session, service_id=scene.service.id, **here)
        return [each.first.slot_id for each in together]

    def given(number: int) -> dict[str, Any]:
        slots = [large.id, large.id, large.id]
        members = [
            Member(slot_id, person_id, "نام", DocumentKind.AMAYESH)
            for slot_id, person_id in zip(slots[:number], people[:number], strict=True)
        ]
        actor, service_id = Actor.chat(chat.id), scene.service.id
        return {"idem_key": f"all{number}", "actor": actor, "service_id": service_id, "members": members, "now": NOW}

    assert (found(2), found(3)) == ([scene.nine.id, scene.ten.id, large.id], [])
    scene.refused(QuotaUsedUp, book_together, **given(3))
    assert scene.taken() == 1
    book_together(scene.session, **given(2))
    assert (scene.taken(), scene.broken()) == (3, [])


def test_a_household_is_within_the_quota_also_on_a_day_of_which_nothing_is_taken(scene: Scarce) -> None:
    scene.bound(2)
    large = scene.slot(at(WEEK, hour=14), capacity=4)
    chat = make_conversation(scene.session)
    members = [
        Member(large.id, make_person(scene.session, conversation=chat).id, "نام", DocumentKind.AMAYESH)
        for _ in range(3)
    ]
    given: dict[str, Any] = {"actor": Actor.chat(chat.id), "service_id": scene.service.id, "now": NOW}
    scene.refused(QuotaUsedUp, book_together, idem_key="three", members=members, **given)
    book_together(scene.session, idem_key="two", members=members[:2], **given)
    assert (scene.taken(), scene.broken()) == (2, [])


def test_a_household_that_holds_the_rest_of_the_quota_still_finds_its_times(scene: Scarce) -> None:
    scene.bound(2)
    actor, _person = scene.somebody()
    slots = [scene.nine.id, scene.nine.id]
    hold(
        scene.session,
        actor=actor,
        slot_id=slots[0],
        others=slots[1:],
        service_id=scene.service.id,
        now=NOW,
    )
    here: dict[str, Any] = {"office_id": scene.queue.office_id, "day": WEEK, "people": 2, "after": NOW}
    assert times_together(scene.session, service_id=scene.service.id, **here) == []
    own = times_together(scene.session, service_id=scene.service.id, held=slots, **here)
    assert [each.first.slot_id for each in own] == [scene.nine.id]


# who gives back -------------------------------------------------------------------------------------------------------


def test_what_a_person_gives_back_rests_with_its_place(scene: Scarce) -> None:
    scene.bound(1)
    actor, booked = scene.come(scene.nine)
    cancel(scene.session, appointment_id=booked.appointment_id, actor=actor, now=NOW)
    assert (scene.taken(), scene.days()) == (1, [NEXT])
    release_expired(scene.session, now=NOW + timedelta(days=6))
    assert (scene.taken(), scene.days(), scene.broken()) == (0, [WEEK, NEXT], [])


def test_more_than_the_quota_is_not_taken_at_once_also_where_nothing_is_taken_yet(scene: Scarce) -> None:
    connection, day = scene.session.connection(), OfDay(scene.queue.id, scene.service.id, WEEK)
    scene.bound(3)
    assert [took(connection, day, places=4), took(connection, day, places=3)] == [False, True]
    assert scene.taken() == 3


def test_of_a_lowered_quota_there_is_room_again_once_less_is_taken_than_it_allows(scene: Scarce) -> None:
    connection, day = scene.session.connection(), OfDay(scene.queue.id, scene.service.id, WEEK)
    scene.bound(3)
    count(connection, day, places=6)
    said = [give_back(connection, day, places=places) for places in (1, 1, 2, 1)]
    assert (said, scene.taken()) == ([False, False, True, False], 1)


def test_what_the_office_cancels_is_free_at_once(scene: Scarce) -> None:
    scene.bound(1)
    _actor, booked = scene.come(scene.nine)
    cancel_by_office(scene.session, appointment_id=booked.appointment_id, actor=SYSTEM, reason="", now=NOW)
    assert (scene.taken(), scene.days(), scene.broken()) == (0, [WEEK, NEXT], [])


def test_moving_takes_of_the_new_day_and_what_was_left_rests(scene: Scarce) -> None:
    scene.bound(1)
    actor, booked = scene.come(scene.nine)
    move(
        scene.session,
        idem_key="move",
        appointment_id=booked.appointment_id,
        actor=actor,
        slot_id=scene.later.id,
        now=NOW,
    )
    assert (scene.taken(), scene.taken(NEXT)) == (1, 1)
    release_expired(scene.session, now=NOW + timedelta(days=6))
    assert (scene.taken(), scene.taken(NEXT), scene.broken()) == (0, 1, [])
    other, second = scene.come(scene.nine)
    again: dict[str, Any] = {
        "idem_key": "again",
        "appointment_id": second.appointment_id,
        "slot_id": scene.later.id,
        "now": NOW,
    }
    scene.refused(QuotaUsedUp, move, actor=other, **again)


def test_what_the_office_moves_within_a_day_stays_one(scene: Scarce) -> None:
    scene.bound(1)
    _actor, booked = scene.come(scene.nine)
    given: dict[str, Any] = {"actor": SYSTEM, "reason": "", "told": {}, "now": NOW}
    for key, slot, taken in (("one", scene.ten, (1, 0)), ("two", scene.later, (0, 1))):
        move_by_office(scene.session, idem_key=key, appointment_id=booked.appointment_id, slot_id=slot.id, **given)
        assert (scene.taken(), scene.taken(NEXT)) == taken
    assert scene.broken() == []
