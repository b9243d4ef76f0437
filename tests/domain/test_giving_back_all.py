"""All who come together give back in one step: every place goes on, it counts once, and what stands says so of all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import Booked, cancel_together, move, move_by_office
from desk.appointments.chat import books_none_after_this, given_back_with, own
from desk.appointments.refusals import NotCancellable, NotYours
from desk.appointments.rules import AppointmentState
from desk.appointments.tickets import send_again
from desk.capacity.models import Slot
from desk.conversations.chat import Chat
from desk.conversations.limits import counted, note
from desk.conversations.queries import by_id
from desk.conversations.rules import CounterKind
from desk.outbox.models import OutboxMessage
from desk.periods import Rest
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from tests import weak_hashes
from tests.domain.booking_scene import WEEK
from tests.domain.test_households import Family
from tests.makers import NOW, at, make_conversation

KEY = weak_hashes.keys(b"a key for tests of households 32")
AT_ONCE = Rest(timedelta(0), timedelta(0))


TOO_LATE_TO_ASK = at(WEEK - timedelta(days=1), hour=20)


def give_back_all(family: Family, booked: Booked, *, rest: Rest = AT_ONCE, now: datetime = NOW) -> list[int]:
    """The ids of what was given back with this one."""
    asked: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": family.actor}
    return [each.id for each in cancel_together(family.session, **asked, rest=rest, now=now)]


def cancellations(family: Family) -> int:
    found = counted(family.session, conversation_id=family.chat.id, kind=CounterKind.CANCELLATIONS, now=NOW)
    return 0 if found is None else found[0]


def test_all_are_given_back_at_once_and_count_once(session: WriteSession) -> None:
    family = Family(session)
    slot, later = family.times(2, 1)
    done = family.together([slot, slot, later])
    assert give_back_all(family, done[1]) == [each.appointment_id for each in done]
    assert {family.row(each).state for each in done} == {AppointmentState.CANCELLED_BY_PERSON}
    assert (family.left(slot), family.left(later)) == (2, 1)
    assert cancellations(family) == 1
    assert verify(session) == []


def test_each_place_rests_before_others_see_it(session: WriteSession) -> None:
    family = Family(session)
    [slot] = family.times(3)
    done = family.together([slot] * 3)
    give_back_all(family, done[0], rest=Rest(timedelta(minutes=10), timedelta(minutes=60)))
    assert family.left(slot) == 0
    kinds = session.scalars(select(Claim.kind).where(Claim.slot_id == slot.id)).all()
    assert kinds == [ClaimKind.REST] * 3
    assert verify(session) == []


def test_no_ticket_is_left_to_send_and_the_one_that_stands_is_edited_for_all(session: WriteSession) -> None:
    family = Family(session)
    [slot] = family.times(3)
    done = family.together([slot] * 3)
    send_again(session, idem_key="k", appointment_id=done[1].appointment_id, actor=family.actor, now=NOW)
    family.deliver_tickets()  # two stand that name all: none says that the others still come
    give_back_all(family, done[2])
    ids = [each.appointment_id for each in done]
    edits = session.scalars(select(OutboxMessage).where(OutboxMessage.notice == "ticket_changed")).all()
    assert [edit.params for edit in edits] == [{"appointment": each, "all": ids} for each in ids]
    assert family.tickets() == []


def test_who_moved_to_another_day_keeps_it(session: WriteSession) -> None:
    family = Family(session)
    [slot] = family.times(3)
    first, second, third = family.together([slot] * 3)
    other: Slot = family.slot(at(WEEK + timedelta(days=1), hour=9))
    move(session, idem_key="m", appointment_id=third.appointment_id, actor=family.actor, slot_id=other.id, now=NOW)
    assert give_back_all(family, first) == [first.appointment_id, second.appointment_id]
    assert family.row(third).is_live


def test_who_has_arrived_is_not_given_back(session: WriteSession) -> None:
    family = Family(session)
    [slot] = family.times(3)
    first, second, third = family.together([slot] * 3)
    family.row(second).state = AppointmentState.ARRIVED
    session.flush()
    assert give_back_all(family, first) == [first.appointment_id, third.appointment_id]
    assert family.row(second).is_live


def moved_by_office(family: Family, booked: Booked, slot: Slot, *, now: datetime) -> None:
    move_by_office(
        family.session,
        idem_key=f"office:{booked.appointment_id}",
        appointment_id=booked.appointment_id,
        slot_id=slot.id,
        actor=SYSTEM,
        reason="r",
        told={},
        now=now,
    )


def test_one_whose_time_is_only_proposed_is_given_back_alone_and_counts_for_nothing(session: WriteSession) -> None:
    """It stays at the office and on the day of the others, who were accepted and are not asked about with it."""
    family = Family(session)
    slot, later = family.times(3, 1)
    first, second, third = family.together([slot] * 3)
    moved_by_office(family, third, later, now=NOW)
    assert give_back_all(family, third) == [third.appointment_id]
    assert cancellations(family) == 0
    assert give_back_all(family, first) == [first.appointment_id, second.appointment_id]
    assert cancellations(family) == 1
    assert verify(session) == []


def test_times_that_the_office_took_away_from_all_count_for_nothing(session: WriteSession) -> None:
    family = Family(session)
    slot, later = family.times(2, 2)
    done = family.together([slot] * 2)
    for each in done:
        moved_by_office(family, each, later, now=TOO_LATE_TO_ASK)
    assert give_back_all(family, done[0], now=TOO_LATE_TO_ASK) == [each.appointment_id for each in done]
    assert cancellations(family) == 0


def test_it_counts_and_is_said_to_where_the_office_took_away_the_time_of_one_alone(session: WriteSession) -> None:
    """Also where it is asked by the one whose time the office took away: the others give theirs back by themselves."""
    family = Family(session)
    slot, later = family.times(2, 1)
    first, second = family.together([slot] * 2)
    for _ in range(2):
        note(session, conversation_id=family.chat.id, kind=CounterKind.CANCELLATIONS, now=NOW)
    moved_by_office(family, first, later, now=TOO_LATE_TO_ASK)
    row = by_id(session, conversation_id=family.chat.id)
    assert row is not None
    chat = Chat.of(session, row, now=TOO_LATE_TO_ASK, identity_key=KEY)
    mine = own(chat, first.appointment_id)
    assert mine is not None
    assert books_none_after_this(chat, [mine]) is None
    assert books_none_after_this(chat, given_back_with(chat, mine)) is not None
    assert give_back_all(family, first, now=TOO_LATE_TO_ASK) == [first.appointment_id, second.appointment_id]
    assert cancellations(family) == 3


def test_it_gives_back_nothing_of_another_chat_and_nothing_twice(session: WriteSession) -> None:
    family = Family(session)
    [slot] = family.times(2)
    first, _second = family.together([slot] * 2)
    stranger = make_conversation(session, chat="stranger")
    with pytest.raises(NotYours):
        cancel_together(session, appointment_id=first.appointment_id, actor=Actor.chat(stranger.id), now=NOW)
    assert family.left(slot) == 0
    give_back_all(family, first)
    with pytest.raises(NotCancellable):
        give_back_all(family, first)
    assert (family.left(slot), cancellations(family)) == (2, 1)
