"""Which appointments a change does not affect, where it moves the others, and how long staff are asked to tell
people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.acting import Actor
from desk.appointments.actions import move
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.actions import save_holiday, set_exception
from desk.capacity.models import ExceptionKind, Slot
from desk.capacity.rules import DayHours
from desk.consequences import actions, queries
from desk.consequences.actions import carry_on
from desk.consequences.models import ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress, Reached, Remedy
from desk.language.text import Localised
from desk.offices.models import Office
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.visits.actions import record_arrival
from tests.makers import NOW, TODAY, at
from tests.makers_changes import STAFF, SUNDAY, Town, appointment_of, hit_by, its_chat, made, steps


def test_whoever_stands_at_the_counter_already_is_not_hit(session: WriteSession) -> None:
    town = Town(session)
    here, on_the_way = town.people(2, day=TODAY, first=10 * 60)
    record_arrival(session, appointment_id=here, **STAFF)
    assert hit_by(session, town.close(TODAY)) == [on_the_way]
    made(session, town.close(TODAY), remedy=Remedy.CANCEL)
    assert [appointment_of(session, id).state for id in (here, on_the_way)] == [
        AppointmentState.ARRIVED,
        AppointmentState.CANCELLED_BY_OFFICE,
    ]


@pytest.mark.parametrize("remedy", [Remedy.MOVE, Remedy.CANCEL, Remedy.KEEP])
def test_whoever_moved_the_appointment_before_it_was_dealt_with_keeps_their_own_choice(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch, remedy: Remedy
) -> None:
    town = Town(session)
    (id,) = town.people(1)
    monkeypatch.setattr(actions, "carry_on", lambda *_, **__: 0)  # a worker comes to it later
    done = made(session, town.close(), remedy=remedy)
    monkeypatch.undo()
    later = at(SUNDAY + timedelta(days=13), hour=9)
    slot = session.scalars(select(Slot.id).where(Slot.queue_id == town.queue.id, Slot.starts_at == later)).one()
    chat = appointment_of(session, id).conversation_id
    assert chat is not None
    move(session, idem_key="m", appointment_id=id, actor=Actor.chat(chat), slot_id=slot, now=NOW)
    assert carry_on(session, change_id=done.change_id, now=NOW) == 1
    stands = appointment_of(session, id)
    assert (stands.state, stands.starts_at, stands.moves) == (AppointmentState.BOOKED, later, 1)
    assert steps(session) == {id: Progress.LEFT}
    assert session.scalars(select(ChangedAppointment.message_key)).all() == [None]


def test_the_nearest_office_with_a_free_time_is_taken_not_the_soonest_of_all(session: WriteSession) -> None:
    town = Town(session)
    far, near = Town(session, service=town.service), Town(session, service=town.service)
    for other, latitude in ((far, 36.6), (near, 35.9)):
        session.execute(update(Office).where(Office.id == other.office.id).values(latitude=latitude))
    set_exception(session, queue_id=near.queue.id, day=SUNDAY, kind=ExceptionKind.CLOSED, **STAFF)
    (id,) = town.people(1)

    def act(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.id == town.office.id).values(is_active=False))

    made(session, town.intended(ChangeKind.OFFICE, act, office_id=town.office.id))
    moved = appointment_of(session, id)
    assert (moved.office_id, moved.starts_at) == (near.office.id, at(SUNDAY + timedelta(days=6), hour=8))


def test_places_kept_back_on_one_day_are_offered_again_once_their_people_have_left(session: WriteSession) -> None:
    town = Town(session)
    town.people(2)

    def act(session: WriteSession) -> None:
        set_exception(
            session,
            queue_id=town.queue.id,
            day=SUNDAY,
            kind=ExceptionKind.HOURS,
            hours=[DayHours(8 * 60 + 5, 14 * 60)],
            **STAFF,
        )

    made(session, town.intended(ChangeKind.DAY, act, queue_id=town.queue.id, day=SUNDAY))
    first = select(Slot).where(Slot.queue_id == town.queue.id, Slot.starts_at == at(SUNDAY, hour=8, minute=5))
    slot = session.scalars(first.execution_options(populate_existing=True)).one()
    moved_here = session.scalars(select(Appointment.id).where(Appointment.slot_id == slot.id)).all()
    assert (slot.planned, slot.capacity) == (2, 2)
    assert slot.remaining == 2 - len(moved_here)


def test_whoever_is_kept_at_a_time_that_stays_open_is_not_frightened_by_a_message(session: WriteSession) -> None:
    town = Town(session)
    _first, last = town.people(2)

    def act(session: WriteSession) -> None:
        kind = ExceptionKind.HOURS
        set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=kind, counters=1, **STAFF)

    done = made(session, town.intended(ChangeKind.DAY, act, queue_id=town.queue.id, day=SUNDAY), remedy=Remedy.KEEP)
    assert done.change_id is not None
    (row,) = queries.people(session, change_id=done.change_id, office_id=town.office.id)
    assert (row.appointment_id, row.step, row.reached) == (last, Progress.KEPT, Reached.NOT_NEEDED)
    assert "kept_by_office" not in session.scalars(select(OutboxMessage.notice)).all()


@pytest.mark.parametrize("remedy", [Remedy.KEEP, Remedy.MOVE, Remedy.TELL])
def test_whoever_says_that_they_come_knows_whatever_was_changed(session: WriteSession, remedy: Remedy) -> None:
    town = Town(session)
    (id,) = town.people(1)
    moves_house = town.intended(ChangeKind.ADDRESS, lambda session: None, office_id=town.office.id)
    made(session, moves_house if remedy is Remedy.TELL else town.close(), remedy=remedy)
    assert actions.agree(session, appointment_id=id, actor=its_chat(session, id), now=NOW)
    assert session.scalars(select(ChangedAppointment.agreed_at)).all() == [NOW]


def test_whoever_should_come_today_is_called_until_the_day_is_over(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1, day=TODAY, first=10 * 60, has_chat=False)
    made(session, town.close(TODAY), remedy=Remedy.CANCEL)
    asked = [
        [row.appointment_id for row in queries.not_reached(session, office_id=town.office.id, since=day)]
        for day in (TODAY, TODAY + timedelta(days=1))
    ]
    assert asked == [[id], []]


def test_the_people_of_an_office_are_named_without_those_of_another(session: WriteSession) -> None:
    here = Town(session)
    there = Town(session, service=here.service)
    ours, theirs = here.people(2), there.people(1)

    def act(session: WriteSession) -> None:
        save_holiday(session, day=SUNDAY, name=Localised({"fa": "تعطیل"}), is_confirmed=True, **STAFF)

    done = made(session, here.intended(ChangeKind.HOLIDAY, act, day=SUNDAY), remedy=Remedy.CANCEL)
    assert done.change_id is not None
    named = {
        town.office.id: [
            row.appointment_id for row in queries.people(session, change_id=done.change_id, office_id=town.office.id)
        ]
        for town in (here, there)
    }
    assert named == {here.office.id: ours, there.office.id: theirs}


@pytest.mark.postgres
@pytest.mark.parametrize(
    "story",
    [
        test_whoever_stands_at_the_counter_already_is_not_hit,
        test_the_nearest_office_with_a_free_time_is_taken_not_the_soonest_of_all,
        test_whoever_should_come_today_is_called_until_the_day_is_over,
        test_the_people_of_an_office_are_named_without_those_of_another,
    ],
)
async def test_it_is_so_on_postgresql(storage: Storage, story: Callable[[WriteSession], None]) -> None:
    await storage.write(story)
