"""Places that are kept while somebody answers: for a while, one at a time, and freed in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.acting import Actor
from desk.capacity.refusals import SlotPassed, SlotTaken
from desk.places.actions import hold, release, release_expired
from desk.places.refusals import KeptLongEnough
from desk.places.rules import LONGEST_KEPT, REST_FROM_KEEPING
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.domain.test_capacity import TOMORROW, _left
from tests.makers import (
    NOW,
    at,
    make_conversation,
    make_queue,
    make_service,
    make_slot,
)


def test_a_hold_takes_a_place_and_a_new_one_gives_the_old_one_back(session: WriteSession) -> None:
    chat = make_conversation(session)
    queue = make_queue(session, services=[make_service(session)])
    one, two = (make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=hour), capacity=1) for hour in (9, 10))
    assert hold(session, actor=Actor.chat(chat.id), slot_id=one.id, now=NOW) == NOW + timedelta(minutes=10)
    hold(session, actor=Actor.chat(chat.id), slot_id=one.id, now=NOW)
    hold(session, actor=Actor.chat(chat.id), slot_id=two.id, now=NOW)
    assert [_left(session, each) for each in (one, two)] == [1, 0]
    other = make_conversation(session)
    hold(session, actor=Actor.chat(other.id), slot_id=one.id, now=NOW)
    with pytest.raises(SlotTaken):
        hold(session, actor=Actor.chat(other.id), slot_id=two.id, now=NOW)
    assert [_left(session, each) for each in (one, two)] == [0, 0]
    assert release(session, actor=Actor.chat(other.id))
    assert not release(session, actor=Actor.chat(other.id))
    assert [_left(session, each) for each in (one, two)] == [1, 0]
    assert verify(session) == []


def test_a_time_that_has_begun_cannot_be_held(session: WriteSession) -> None:
    past = make_slot(session, starts_at=NOW)
    with pytest.raises(SlotPassed):
        hold(session, actor=Actor.chat(make_conversation(session).id), slot_id=past.id, now=NOW)


def test_keeping_ends_however_often_it_is_renewed(session: WriteSession) -> None:
    """By pressing again, for another time, and by going away and coming back."""
    chat, queue = make_conversation(session), make_queue(session, services=[make_service(session)])
    one, two = (make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=hour), capacity=1) for hour in (9, 10))
    end, minute = NOW + LONGEST_KEPT, timedelta(minutes=1)
    for passed in range(0, 30, 6):
        place = (one, two)[passed % 4 // 2]
        assert hold(session, actor=Actor.chat(chat.id), slot_id=place.id, now=NOW + passed * minute) <= end
        if passed == 12:
            release(session, actor=Actor.chat(chat.id))
    for passed in (30, 45, 59):
        release_expired(session, now=NOW + passed * minute)
        with pytest.raises(KeptLongEnough):
            hold(session, actor=Actor.chat(chat.id), slot_id=one.id, now=NOW + passed * minute)
    assert [_left(session, each) for each in (one, two)] == [1, 1]
    later = end + REST_FROM_KEEPING
    assert hold(session, actor=Actor.chat(chat.id), slot_id=one.id, now=later) == later + timedelta(minutes=10)
    assert verify(session) == []


def test_holds_are_freed_when_their_time_is_up_and_not_before(session: WriteSession) -> None:
    slot = make_slot(session, capacity=5)
    for _ in range(3):
        hold(session, actor=Actor.chat(make_conversation(session).id), slot_id=slot.id, now=NOW)
    hold(session, actor=Actor.chat(make_conversation(session).id), slot_id=slot.id, now=NOW + timedelta(minutes=5))
    assert release_expired(session, now=NOW + timedelta(minutes=9)) == 0
    assert release_expired(session, now=NOW + timedelta(minutes=10), limit=2) == 2
    assert release_expired(session, now=NOW + timedelta(minutes=10)) == 1
    assert _left(session, slot) == 4
    assert verify(session) == []
