"""A place that a person gives back rests: nobody can hand one on by cancelling and taking it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import cancel, cancel_by_office, move
from desk.appointments.models import Appointment
from desk.capacity.actions import clear_exception, set_exception
from desk.capacity.freed import PLACES
from desk.capacity.models import ExceptionKind, Slot
from desk.capacity.queries import first_free, free_days, free_times, slot_now
from desk.capacity.refusals import SlotTaken
from desk.capacity.rules import DayHours
from desk.erasure.actions import erase
from desk.periods import USUAL_REST, Rest
from desk.places.actions import hold, release, release_expired
from desk.places.models import Claim
from desk.places.queries import grid
from desk.places.rules import ClaimKind, resting_time
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import NOW, at, make_conversation, make_person
from tests.makers_hours import make_rule

MINUTE = timedelta(minutes=1)


def resting(session: WriteSession) -> list[datetime]:
    found = session.scalars(select(Claim.expires_at).where(Claim.kind == ClaimKind.REST))
    return [each for each in found if each is not None]


def until(scene: Scene) -> datetime:
    """Until when the one place rests."""
    [rests] = resting(scene.session)
    return rests


def told(scene: Scene) -> bool:
    return any(each.subject == PLACES for each in scene.session.changes)


def _cancel(scene: Scene, appointment_id: int, **over: Any) -> None:
    mine: dict[str, Any] = {"actor": Actor.chat(scene.chat.id), "now": NOW} | over
    cancel(scene.session, appointment_id=appointment_id, **mine)


def _move(scene: Scene, appointment_id: int) -> None:
    elsewhere = scene.slot(at(WEEK + timedelta(days=1), hour=11))
    to: dict[str, Any] = {"actor": Actor.chat(scene.chat.id), "slot_id": elsewhere.id}
    move(scene.session, idem_key="m", appointment_id=appointment_id, **to, now=NOW)


def _erase(scene: Scene, _appointment_id: int) -> None:
    erase(scene.session, actor=Actor.chat(scene.chat.id), now=NOW)


OWN_ACTS: dict[str, Callable[[Scene, int], None]] = {"cancels": _cancel, "moves": _move, "erases": _erase}


@pytest.mark.parametrize("act", OWN_ACTS)
def test_nobody_gets_a_place_in_the_moment_in_which_somebody_gives_it_back(session: WriteSession, act: str) -> None:
    """The attack: the broker's chat cancels, and the customer's chat, which is ready, takes the place."""
    scene = Scene(session)
    slot = scene.slot(capacity=1)
    booked = scene.book(slot)
    customer = {"actor": Actor.chat(make_conversation(session).id), "person_id": make_person(session).id}
    session.info.pop("changes", None)
    OWN_ACTS[act](scene, booked.appointment_id)

    there: dict[str, Any] = {"service_id": scene.service.id, "office_id": scene.queue.office_id, "after": NOW}
    assert scene.left(slot) == 0
    assert free_times(session, day=slot.day, **there) == []
    assert slot.day not in [each.day for each in free_days(session, **there)]
    soonest = first_free(session, service_id=scene.service.id, office_ids=[scene.queue.office_id], after=NOW)
    assert slot.id not in [each.slot_id for each in soonest]
    seen = slot_now(session, slot_id=slot.id)
    assert seen is not None
    assert seen.remaining == 0
    scene.refused(SlotTaken, lambda _session: scene.book(slot, **customer))
    scene.refused(SlotTaken, hold, actor=customer["actor"], slot_id=slot.id, now=NOW)
    assert not told(scene)
    assert verify(session) == []

    back = until(scene)
    assert USUAL_REST.least <= back - NOW <= USUAL_REST.most
    assert release_expired(session, now=back - timedelta(seconds=1)) == 0
    assert not told(scene)
    assert release_expired(session, now=back) == 1
    assert told(scene), "who waits for a place hears of it now"
    assert [each.slot_id for each in free_times(session, day=slot.day, **there)] == [slot.id]
    scene.book(slot, **customer)
    assert verify(session) == []


def test_nobody_can_tell_when_it_comes_back(session: WriteSession) -> None:
    """Forty places given back in the same second come back at as many moments as chance gives."""
    scene = Scene(session)
    for nth in range(40):
        slot = scene.slot(at(WEEK, hour=8) + nth * 10 * MINUTE, capacity=1)
        scene.chat = make_conversation(session)
        person = make_person(session, conversation=scene.chat)
        booked = scene.book(slot, actor=Actor.chat(scene.chat.id), person_id=person.id)
        _cancel(scene, booked.appointment_id)
    moments = set(resting(session))
    assert all(USUAL_REST.least <= each - NOW <= USUAL_REST.most for each in moments)
    assert len(moments) > 30
    assert max(moments) - min(moments) > 20 * MINUTE


@pytest.mark.parametrize(
    ("left", "least", "most"),
    [
        (timedelta(days=3), 10, 60),
        (120 * MINUTE, 10, 60),
        (60 * MINUTE, 10, 30),
        (20 * MINUTE, 5, 10),
        (2 * MINUTE, 0.5, 1),
    ],
)
def test_shortly_before_its_time_it_rests_for_half_of_what_is_left(left: timedelta, least: float, most: float) -> None:
    assert resting_time(NOW + left, rest=USUAL_REST, now=NOW) == Rest(least=least * MINUTE, most=most * MINUTE)


@pytest.mark.parametrize("left", [timedelta(0), -MINUTE])
def test_a_place_whose_time_is_over_does_not_rest(left: timedelta) -> None:
    assert resting_time(NOW + left, rest=USUAL_REST, now=NOW) is None


def test_what_is_given_back_in_the_last_hour_is_offered_while_somebody_can_still_come(session: WriteSession) -> None:
    scene = Scene(session)
    slot = scene.slot(NOW + 40 * MINUTE, capacity=1)
    booked = scene.book(slot)
    _cancel(scene, booked.appointment_id)
    assert NOW + 10 * MINUTE <= until(scene) <= NOW + 20 * MINUTE


def test_where_none_is_set_it_is_free_at_once(session: WriteSession) -> None:
    scene = Scene(session)
    slot = scene.slot(capacity=1)
    booked = scene.book(slot)
    _cancel(scene, booked.appointment_id, rest=Rest(least=timedelta(0), most=timedelta(0)))
    assert scene.left(slot) == 1


def test_what_the_office_takes_back_and_what_was_only_held_does_not_rest(session: WriteSession) -> None:
    """The office has a reason and a history; a hold is no appointment, and a person who only looks at a
    last place must not take it from everybody else for an hour."""
    scene = Scene(session)
    slot, held = scene.slot(capacity=1), scene.slot(at(WEEK, hour=11), capacity=1)
    booked = scene.book(slot)
    cancel_by_office(session, appointment_id=booked.appointment_id, actor=SYSTEM, reason="برق رفت", now=NOW)
    assert scene.left(slot) == 1
    me = Actor.chat(scene.chat.id)
    hold(session, actor=me, slot_id=held.id, now=NOW)
    release(session, actor=me)
    assert scene.left(held) == 1


def test_what_staff_count_says_how_many_rest(session: WriteSession) -> None:
    scene = Scene(session)
    slot = scene.slot(capacity=3)
    booked = scene.book(slot)
    scene.book(slot, person_id=make_person(session, conversation=scene.chat).id)
    _cancel(scene, booked.appointment_id)
    [cell] = grid(session, office_id=scene.queue.office_id, from_day=slot.day, days=1)
    assert (cell.capacity, cell.booked, cell.held, cell.resting, cell.free) == (3, 1, 0, 1, 1)


def test_it_cannot_be_taken_back_by_the_one_who_gave_it_and_rests_once(session: WriteSession) -> None:
    """Cancelling is asked twice before, and is then not undone: a way back for one would be a way for all."""
    scene = Scene(session)
    slot = scene.slot(capacity=1)
    booked = scene.book(slot)
    _cancel(scene, booked.appointment_id)
    _cancel(scene, booked.appointment_id)
    assert len(session.scalars(select(Claim.id)).all()) == 1
    scene.refused(SlotTaken, lambda _session: scene.book(slot))
    assert session.scalars(select(Appointment.is_live)).all() == [False]


def test_a_counter_kept_for_a_place_of_a_removed_start_comes_back_with_it(session: WriteSession) -> None:
    """A place that rests, or that somebody held, while the office moves the hours of that day."""
    scene = Scene(session)
    hours: dict[str, Any] = {"queue_id": scene.queue.id, "day": WEEK, "kind": ExceptionKind.HOURS, "actor": SYSTEM}

    def opens(minutes: int, now: datetime) -> list[int]:
        set_exception(session, **hours, hours=[DayHours(minutes, minutes + 60)], counters=2, now=now)
        return free(minutes)

    def free(minutes: int) -> list[int]:
        live = select(Slot.remaining).where(Slot.day == WEEK, Slot.planned > 0).order_by(Slot.starts_at)
        return list(session.scalars(live))

    make_rule(session, queue=scene.queue, weekday=0)
    usual = opens(480, NOW)
    first = session.scalars(select(Slot).where(Slot.day == WEEK).order_by(Slot.starts_at)).first()
    assert first is not None
    booked = scene.book(first)
    _cancel(scene, booked.appointment_id)
    hold(session, actor=Actor.chat(make_conversation(session).id), slot_id=first.id, now=NOW)
    moved = opens(485, NOW)
    assert sum(moved) == sum(usual) - 2, "the first new start has no counter while two are kept for the old one"
    release_expired(session, now=NOW + 2 * timedelta(hours=1))
    session.expire_all()
    assert free(485) == usual
    clear_exception(session, queue_id=scene.queue.id, day=WEEK, actor=SYSTEM, now=NOW)
    assert verify(session) == []
