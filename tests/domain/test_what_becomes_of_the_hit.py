"""What becomes of all affected appointments, also under concurrent changes, double presses and crashes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import CapacityException, Queue, Slot
from desk.consequences.actions import (
    StaffDecision,
    carry_on,
    carry_out,
)
from desk.consequences.hit import sign_of
from desk.consequences.models import ChangedAppointment
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind, Progress, Remedy
from desk.language.text import Localised
from desk.offices.models import Office
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import (
    NOW,
    at,
)
from tests.makers_changes import STAFF, SUNDAY, WHY, Town, appointment_of, made, open_reminders, steps
from tests.stories import Story, stories_of, tell


@pytest.mark.requirement("000-14", "S")
def test_moved_people_are_proposed_the_next_free_time_with_a_reason(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    done = made(session, town.close())
    saturday = SUNDAY + timedelta(days=6)
    assert [appointment_of(session, id).starts_at for id in people] == [
        at(saturday, hour=8, minute=minute) for minute in (0, 0, 15, 15, 30, 30)
    ]
    keys = {f"moved:{id}:1" for id in people}
    assert keys <= set(session.scalars(select(OutboxMessage.idem_key)))
    reasons = session.scalars(select(Appointment.office_reason).where(Appointment.moves > 0))
    assert set(reasons) == {WHY}
    assert done.change_id is not None
    assert set(steps(session).values()) == {Progress.MOVED}
    assert verify(session) == []


@pytest.mark.requirement("000-06", "A")
def test_the_next_office_is_taken_where_this_one_has_nothing(session: WriteSession) -> None:
    town = Town(session)
    near = Town(session, service=town.service)
    people = town.people(2)

    def act(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.id == town.office.id).values(is_active=False))

    made(session, town.intended(ChangeKind.OFFICE, act, office_id=town.office.id))
    assert {appointment_of(session, id).office_id for id in people} == {near.office.id}
    assert {appointment_of(session, id).starts_at for id in people} == {at(SUNDAY, hour=8)}
    assert verify(session) == []


def test_the_office_that_is_taken_is_the_nearest_on_the_map(session: WriteSession) -> None:
    town = Town(session)
    north, east = Town(session, service=town.service), Town(session, service=town.service)
    # 63 km and 28 km away; with latitude and longitude exchanged the first would be the nearer one.
    for there, point in ((town, (35.83, 50.99)), (north, (36.4, 50.99)), (east, (35.83, 51.3))):
        place = {"latitude": point[0], "longitude": point[1]}
        session.execute(update(Office).where(Office.id == there.office.id).values(place))
    [person] = town.people(1)

    def act(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.id == town.office.id).values(is_active=False))

    made(session, town.intended(ChangeKind.OFFICE, act, office_id=town.office.id))
    assert appointment_of(session, person).office_id == east.office.id


def test_where_nothing_is_free_anywhere_the_appointment_is_cancelled_and_told(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)

    def act(session: WriteSession) -> None:
        session.execute(update(Queue).where(Queue.id == town.queue.id).values(is_active=False))

    made(session, town.intended(ChangeKind.QUEUE, act))
    assert appointment_of(session, id).state is AppointmentState.CANCELLED_BY_OFFICE
    assert steps(session) == {id: Progress.CANCELLED}
    assert f"cancelled:{id}:0" in set(session.scalars(select(OutboxMessage.idem_key)))


def test_cancelled_people_are_not_reminded(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    made(session, town.close(), remedy=Remedy.CANCEL)
    assert [open_reminders(session, id) for id in people] == [[], []]
    assert {appointment_of(session, id).state for id in people} == {AppointmentState.CANCELLED_BY_OFFICE}
    assert verify(session) == []


def test_kept_people_are_told_that_the_appointment_stands(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    done = made(session, town.close(), remedy=Remedy.KEEP)
    assert appointment_of(session, id).state is AppointmentState.BOOKED
    assert f"kept_by_office:{done.change_id}:{id}" in set(session.scalars(select(OutboxMessage.idem_key)))
    assert verify(session) == []


def test_one_person_can_have_another_remedy(session: WriteSession) -> None:
    town = Town(session)
    first, second = town.people(2)
    made(session, town.close(), remedy=Remedy.MOVE, others={second: Remedy.CANCEL})
    assert steps(session) == {first: Progress.MOVED, second: Progress.CANCELLED}


def test_places_kept_back_for_those_who_left_are_offered_again(session: WriteSession) -> None:
    town = Town(session)
    town.people(4)
    made(session, town.intended(ChangeKind.RULE, town.with_rule(minutes_per_person=20)))
    first = session.scalars(
        select(Slot)
        .where(Slot.queue_id == town.queue.id, Slot.starts_at == at(SUNDAY, hour=8, minute=20))
        .execution_options(populate_existing=True)
    ).one()
    assert first.planned == 2


def test_another_address_is_told_and_the_appointment_stands(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)

    def act(session: WriteSession) -> None:
        session.execute(
            update(Office).where(Office.id == town.office.id).values(address=Localised({"fa": "خیابان نو"}))
        )

    done = made(session, town.intended(ChangeKind.ADDRESS, act, office_id=town.office.id), remedy=Remedy.TELL)
    assert appointment_of(session, id).state is AppointmentState.BOOKED
    assert f"office_moved:{done.change_id}:{id}" in set(session.scalars(select(OutboxMessage.idem_key)))
    assert len(open_reminders(session, id)) == 0  # makers write none; nothing was withdrawn either
    assert steps(session) == {id: Progress.TOLD}


# -------------------------------------------------------------------------------------- meanwhile, twice, and crashes


def test_somebody_who_booked_meanwhile_is_shown_first(session: WriteSession) -> None:
    town = Town(session)
    town.people(2)
    intended = town.close()
    with pytest.raises(PeopleAreHit) as seen, session.begin_nested():
        carry_out(session, intended=intended, answer=None, **STAFF)
    session.expire_all()
    answer = StaffDecision(key="k", expected=sign_of(seen.value.hit), remedy=Remedy.CANCEL, reason=WHY)
    (late,) = town.people(1, first=10 * 60)
    with pytest.raises(PeopleAreHit) as again, session.begin_nested():
        carry_out(session, intended=intended, answer=answer, **STAFF)
    session.expire_all()
    assert again.value.is_other
    assert late in {each.id for each in again.value.hit}
    assert session.scalar(select(CapacityException.id)) is None
    assert appointment_of(session, late).state is AppointmentState.BOOKED


def test_a_double_press_changes_once(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    intended = town.close()
    first = made(session, intended)
    again = carry_out(
        session,
        intended=intended,
        answer=StaffDecision(key="k", expected="whatever", remedy=Remedy.CANCEL, reason=WHY),
        **STAFF,
    )
    assert again.change_id == first.change_id
    assert {appointment_of(session, id).moves for id in people} == {1}


def test_many_people_are_dealt_with_in_batches_and_a_crash_between_them_loses_nobody(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(session)
    people = town.people(6)
    monkeypatch.setattr("desk.consequences.actions.carry_on", lambda *_, **__: 0)  # the process ends after the commit
    done = made(session, town.close(), remedy=Remedy.CANCEL)
    monkeypatch.undo()
    assert set(steps(session).values()) == {Progress.WAITING}
    assert verify(session) == []
    assert carry_on(session, limit=2, now=NOW) == 2
    assert sorted(steps(session).values()) == ["cancelled"] * 2 + ["waiting"] * 4
    crashed = session.begin_nested()
    carry_on(session, limit=2, now=NOW)
    crashed.rollback()
    session.expire_all()
    assert [carry_on(session, limit=3, now=NOW) for _ in range(3)] == [3, 1, 0]
    assert {appointment_of(session, id).state for id in people} == {AppointmentState.CANCELLED_BY_OFFICE}
    assert done.change_id is not None
    assert verify(session) == []


def test_whoever_cancels_before_their_appointment_comes_is_left_alone(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(session)
    first, second = town.people(2)
    monkeypatch.setattr("desk.consequences.actions.carry_on", lambda *_, **__: 0)
    made(session, town.close(), remedy=Remedy.MOVE)
    monkeypatch.undo()
    chat = appointment_of(session, first).conversation_id
    assert chat is not None
    cancel(session, appointment_id=first, actor=Actor.chat(chat), now=NOW)
    carry_on(session, now=NOW)
    assert steps(session) == {first: Progress.LEFT, second: Progress.MOVED}


async def test_two_workers_deal_with_each_appointment_once(storage: Storage) -> None:
    import asyncio

    def prepare(session: WriteSession) -> None:
        town = Town(session)
        town.people(8)
        made(session, town.close(), remedy=Remedy.CANCEL)
        session.execute(update(ChangedAppointment).values(step=Progress.WAITING, message_key=None))

    await storage.write(prepare)
    counts = await asyncio.gather(*(storage.write(carry_on, limit=4, now=NOW) for _ in range(4)))
    assert sum(counts) == 8
    assert await storage.read(verify) == []


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
