"""A change that takes time away asks first, deals with everybody it hits, and knows who was reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from inspect import signature
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.appointments.actions import cancel
from desk.appointments.models import AppointmentEvent, EventKind
from desk.appointments.rules import State
from desk.capacity.actions import (
    clear_exception,
    delete_rule,
    roll_window,
    save_holiday,
    save_queue,
    save_rule,
    set_exception,
)
from desk.capacity.models import CapacityException, ExceptionKind, Holiday, OpeningRule, Queue, Slot
from desk.catalogue.models import Service
from desk.consequences import queries
from desk.consequences.actions import (
    Answer,
    Carried,
    Deed,
    agree,
    carry_on,
    carry_out,
    decide,
    find_stranded,
    mark_told,
)
from desk.consequences.hit import Reach, sign_of
from desk.consequences.models import Change, ChangedTurn
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import Kind, Reached, Remedy, Step, Way
from desk.language.text import Localised
from desk.offices.models import Office
from desk.outbox import actions as outbox
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import State as Delivery
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import (
    NOW,
    TODAY,
    at,
    make_service,
)
from tests.makers_changes import STAFF, SUNDAY, WHY, Town, hit_by, made, open_reminders, steps, turn

# ------------------------------------------------------------------------------------------------------- who is hit


def test_a_closed_day_saves_nothing_before_somebody_decides(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    assert hit_by(session, town.close()) == people
    assert session.scalar(select(CapacityException.id)) is None
    assert session.scalar(select(Change.id)) is None


def test_where_nobody_is_hit_the_change_is_made_at_once(session: WriteSession) -> None:
    town = Town(session)
    assert carry_out(session, deed=town.close(), answer=None, **STAFF) == Carried(None, None)
    assert session.scalar(select(CapacityException.day)) == SUNDAY
    assert session.scalar(select(Change.id)) is None


def test_hours_cut_over_ten_people_hit_those_outside(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(10)

    def act(session: WriteSession) -> None:
        set_exception(
            session,
            queue_id=town.queue.id,
            day=SUNDAY,
            kind=ExceptionKind.HOURS,
            opens=9 * 60,
            closes=12 * 60,
            **STAFF,
        )

    assert hit_by(session, town.deed(Kind.DAY, act)) == people[:8]  # 8:00 to 8:45; the two at 9:00 keep their time


def _rule(town: Town, **changes: Any) -> Callable[[WriteSession], int]:
    def act(session: WriteSession) -> int:
        values: dict[str, Any] = {"weekday": 1, "opens": 8 * 60, "closes": 14 * 60, "minutes_per_person": 15}
        values |= {"counters": 2, "valid_from": date(2026, 3, 21)} | changes
        saved = save_rule(session, rule_id=town.rules[1].id, queue_id=town.queue.id, **values, **STAFF)
        roll_window(session, queue_id=town.queue.id, today=TODAY, now=NOW)
        return saved

    return act


def test_a_rule_with_a_later_start_hits_four(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    assert hit_by(session, town.deed(Kind.RULE, _rule(town, opens=8 * 60 + 30))) == people[:4]


def test_a_rule_taken_out_hits_everybody_of_its_weekday(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(4)
    town.people(2, day=TODAY + timedelta(days=7))

    def act(session: WriteSession) -> None:
        delete_rule(session, rule_id=town.rules[1].id, **STAFF)
        roll_window(session, queue_id=town.queue.id, today=TODAY, now=NOW)

    assert hit_by(session, town.deed(Kind.RULE, act)) == people


def test_fewer_counters_hit_those_who_booked_last(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    hit = hit_by(session, town.deed(Kind.RULE, _rule(town, counters=1)))
    assert hit == [people[1], people[3], people[5]]


def test_longer_visits_hit_only_the_starts_that_are_gone(session: WriteSession) -> None:
    """Those at 8:00 sit beside those of 8:15, who lost their start; once these have moved, 8:00 fits the rule."""
    town = Town(session)
    people = town.people(4)
    assert hit_by(session, town.deed(Kind.RULE, _rule(town, minutes_per_person=20))) == people[2:]


def test_a_queue_switched_off_hits_its_people(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(3)

    def act(session: WriteSession) -> None:
        save_queue(
            session,
            queue_id=town.queue.id,
            office_id=town.office.id,
            name=Localised({"fa": "باجه"}),
            service_ids=[town.service.id],
            is_active=False,
            **STAFF,
        )
        roll_window(session, queue_id=town.queue.id, today=TODAY, now=NOW)

    assert hit_by(session, town.deed(Kind.QUEUE, act)) == people


def test_a_service_that_the_queue_no_longer_offers_hits_its_people_only(session: WriteSession) -> None:
    town = Town(session)
    other = make_service(session)

    def offer(*services: Service) -> Callable[[WriteSession], int]:
        return lambda session: save_queue(
            session,
            queue_id=town.queue.id,
            office_id=town.office.id,
            name=Localised({"fa": "باجه"}),
            service_ids=[each.id for each in services],
            **STAFF,
        )

    offer(town.service, other)(session)
    people = town.people(2)
    town.service, kept = other, town.service
    town.people(2, first=9 * 60)
    assert hit_by(session, town.deed(Kind.QUEUE, offer(other))) == people
    assert kept.id != other.id


@pytest.mark.requirement("000-06", "M")
def test_an_office_switched_off_hits_its_people_and_not_the_neighbour(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(3)
    Town(session, service=town.service).people(2)

    def act(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.id == town.office.id).values(is_active=False))

    assert hit_by(session, town.deed(Kind.OFFICE, act, office_id=town.office.id)) == people


@pytest.mark.parametrize("off", ["is_bookable", "is_published"])
def test_a_service_out_of_use_hits_its_people_everywhere(session: WriteSession, off: str) -> None:
    town = Town(session)
    people = town.people(2) + Town(session, service=town.service, province_code="IR-23").people(1)
    Town(session).people(1)

    def act(session: WriteSession) -> None:
        session.execute(update(Service).where(Service.id == town.service.id).values({off: False}))

    assert sorted(hit_by(session, town.deed(Kind.SERVICE, act, service_id=town.service.id))) == people


def _holiday(town: Town, province_code: str | None = None) -> Deed[Any]:
    def act(session: WriteSession) -> None:
        save_holiday(
            session,
            day=SUNDAY,
            name=Localised({"fa": "تعطیل آزمون"}),
            is_confirmed=True,
            province_code=province_code,
            **STAFF,
        )

    return Deed(
        kind=Kind.HOLIDAY,
        subject=f"holiday:{SUNDAY.isoformat()}",
        reach=Reach(day=SUNDAY, province_code=province_code),
        act=act,
        detail={"day": SUNDAY.isoformat()},
    )


def test_a_national_holiday_hits_six_people_at_two_offices(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(4) + Town(session, service=town.service, province_code="IR-23").people(2)
    town.people(2, day=SUNDAY + timedelta(days=6))
    assert sorted(hit_by(session, _holiday(town))) == people
    assert session.scalar(select(Holiday.id)) is None

    done = made(session, _holiday(town))
    assert done.change_id is not None
    assert {turn(session, id).day for id in people} == {SUNDAY + timedelta(days=6)}
    numbers = {row.office_id: row.total for row in queries.tallies(session, change_id=done.change_id)}
    assert sorted(numbers.values()) == [2, 4]
    assert verify(session) == []


def test_a_provincial_holiday_hits_only_its_province(session: WriteSession) -> None:
    town = Town(session)
    there = Town(session, service=town.service, province_code="IR-23").people(2)
    town.people(2)
    assert hit_by(session, _holiday(town, "IR-23")) == there


def test_whoever_was_kept_before_is_asked_for_again_only_when_the_day_closes(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    late = _rule(town, opens=9 * 60)
    made(session, town.deed(Kind.RULE, late), remedy=Remedy.KEEP)
    assert hit_by(session, town.deed(Kind.RULE, _rule(town, opens=9 * 60, counters=3))) == []
    assert hit_by(session, town.close()) == people


def test_as_usual_again_hits_those_who_booked_in_longer_hours(session: WriteSession) -> None:
    town = Town(session)
    set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.HOURS, opens=480, closes=960, **STAFF)
    people = town.people(2, first=15 * 60)

    def act(session: WriteSession) -> None:
        clear_exception(session, queue_id=town.queue.id, day=SUNDAY, **STAFF)

    assert hit_by(session, town.deed(Kind.DAY, act)) == people


# -------------------------------------------------------------------------------------------- what becomes of them


@pytest.mark.requirement("000-14", "S")
def test_moved_people_get_the_next_free_time_a_reason_and_a_new_ticket(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    done = made(session, town.close())
    saturday = SUNDAY + timedelta(days=6)
    assert [turn(session, id).starts_at for id in people] == [
        at(saturday, hour=8, minute=minute) for minute in (0, 0, 15, 15, 30, 30)
    ]
    keys = {f"moved:{id}:1" for id in people} | {f"ticket:{id}:1" for id in people}
    assert keys <= set(session.scalars(select(OutboxMessage.idem_key)))
    reasons = session.scalars(select(AppointmentEvent.reason).where(AppointmentEvent.kind == EventKind.MOVED))
    assert set(reasons) == {WHY}
    assert done.change_id is not None
    assert set(steps(session).values()) == {Step.MOVED}
    assert verify(session) == []


@pytest.mark.requirement("000-06", "A")
def test_the_next_office_is_taken_where_this_one_has_nothing(session: WriteSession) -> None:
    town = Town(session)
    near = Town(session, service=town.service)
    people = town.people(2)

    def act(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.id == town.office.id).values(is_active=False))

    made(session, town.deed(Kind.OFFICE, act, office_id=town.office.id))
    assert {turn(session, id).office_id for id in people} == {near.office.id}
    assert {turn(session, id).starts_at for id in people} == {at(SUNDAY, hour=8)}
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

    made(session, town.deed(Kind.OFFICE, act, office_id=town.office.id))
    assert turn(session, person).office_id == east.office.id


def test_where_nothing_is_free_anywhere_the_turn_is_cancelled_and_told(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)

    def act(session: WriteSession) -> None:
        session.execute(update(Queue).where(Queue.id == town.queue.id).values(is_active=False))

    made(session, town.deed(Kind.QUEUE, act))
    assert turn(session, id).state is State.CANCELLED_BY_OFFICE
    assert steps(session) == {id: Step.CANCELLED}
    assert f"cancelled:{id}:0" in set(session.scalars(select(OutboxMessage.idem_key)))


def test_cancelled_people_are_not_reminded(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    made(session, town.close(), remedy=Remedy.CANCEL)
    assert [open_reminders(session, id) for id in people] == [[], []]
    assert {turn(session, id).state for id in people} == {State.CANCELLED_BY_OFFICE}
    assert verify(session) == []


def test_kept_people_are_told_that_the_turn_stands(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    done = made(session, town.close(), remedy=Remedy.KEEP)
    assert turn(session, id).state is State.BOOKED
    assert f"kept_by_office:{done.change_id}:{id}" in set(session.scalars(select(OutboxMessage.idem_key)))
    assert verify(session) == []


def test_one_person_can_have_another_remedy(session: WriteSession) -> None:
    town = Town(session)
    first, second = town.people(2)
    made(session, town.close(), remedy=Remedy.MOVE, others={second: Remedy.CANCEL})
    assert steps(session) == {first: Step.MOVED, second: Step.CANCELLED}


def test_places_kept_back_for_those_who_left_are_offered_again(session: WriteSession) -> None:
    town = Town(session)
    town.people(4)
    made(session, town.deed(Kind.RULE, _rule(town, minutes_per_person=20)))
    first = session.scalars(
        select(Slot)
        .where(Slot.queue_id == town.queue.id, Slot.starts_at == at(SUNDAY, hour=8, minute=20))
        .execution_options(populate_existing=True)
    ).one()
    assert first.planned == 2


def test_another_address_is_told_and_the_turn_stands(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)

    def act(session: WriteSession) -> None:
        session.execute(
            update(Office).where(Office.id == town.office.id).values(address=Localised({"fa": "خیابان نو"}))
        )

    done = made(session, town.deed(Kind.ADDRESS, act, office_id=town.office.id), remedy=Remedy.TELL)
    assert turn(session, id).state is State.BOOKED
    assert f"office_moved:{done.change_id}:{id}" in set(session.scalars(select(OutboxMessage.idem_key)))
    assert len(open_reminders(session, id)) == 0  # makers write none; nothing was withdrawn either
    assert steps(session) == {id: Step.TOLD}


# -------------------------------------------------------------------------------------- meanwhile, twice, and crashes


def test_somebody_who_booked_meanwhile_is_shown_first(session: WriteSession) -> None:
    town = Town(session)
    town.people(2)
    deed = town.close()
    with pytest.raises(PeopleAreHit) as seen, session.begin_nested():
        carry_out(session, deed=deed, answer=None, **STAFF)
    session.expire_all()
    answer = Answer(key="k", expected=sign_of(seen.value.hit), remedy=Remedy.CANCEL, reason=WHY)
    (late,) = town.people(1, first=10 * 60)
    with pytest.raises(PeopleAreHit) as again, session.begin_nested():
        carry_out(session, deed=deed, answer=answer, **STAFF)
    session.expire_all()
    assert again.value.is_other
    assert late in {each.id for each in again.value.hit}
    assert session.scalar(select(CapacityException.id)) is None
    assert turn(session, late).state is State.BOOKED


def test_a_double_press_changes_once(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    deed = town.close()
    first = made(session, deed)
    again = carry_out(
        session,
        deed=deed,
        answer=Answer(key="k", expected="whatever", remedy=Remedy.CANCEL, reason=WHY),
        **STAFF,
    )
    assert again.change_id == first.change_id
    assert {turn(session, id).moves for id in people} == {1}


def test_many_people_are_dealt_with_in_batches_and_a_crash_between_them_loses_nobody(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(session)
    people = town.people(6)
    monkeypatch.setattr("desk.consequences.actions.carry_on", lambda *_, **__: 0)  # the process ends after the commit
    done = made(session, town.close(), remedy=Remedy.CANCEL)
    monkeypatch.undo()
    assert set(steps(session).values()) == {Step.WAITING}
    assert verify(session) == []
    assert carry_on(session, limit=2, now=NOW) == 2
    assert sorted(steps(session).values()) == ["cancelled"] * 2 + ["waiting"] * 4
    crashed = session.begin_nested()
    carry_on(session, limit=2, now=NOW)
    crashed.rollback()
    session.expire_all()
    assert [carry_on(session, limit=3, now=NOW) for _ in range(3)] == [3, 1, 0]
    assert {turn(session, id).state for id in people} == {State.CANCELLED_BY_OFFICE}
    assert done.change_id is not None
    assert verify(session) == []


def test_whoever_cancels_before_their_turn_comes_is_left_alone(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(session)
    first, second = town.people(2)
    monkeypatch.setattr("desk.consequences.actions.carry_on", lambda *_, **__: 0)
    made(session, town.close(), remedy=Remedy.MOVE)
    monkeypatch.undo()
    chat = turn(session, first).conversation_id
    assert chat is not None
    cancel(session, appointment_id=first, conversation_id=chat, now=NOW)
    carry_on(session, now=NOW)
    assert steps(session) == {first: Step.LEFT, second: Step.MOVED}


async def test_two_workers_deal_with_each_turn_once(storage: Storage) -> None:
    import asyncio

    def prepare(session: WriteSession) -> None:
        town = Town(session)
        town.people(8)
        made(session, town.close(), remedy=Remedy.CANCEL)
        session.execute(update(ChangedTurn).values(step=Step.WAITING, message_key=None))

    await storage.write(prepare)
    counts = await asyncio.gather(*(storage.write(carry_on, limit=4, now=NOW) for _ in range(4)))
    assert sum(counts) == 8
    assert await storage.read(verify) == []


# ----------------------------------------------------------------------------------------------------- who was reached


def _fate(session: WriteSession, change_id: int | None) -> dict[str, int]:
    assert change_id is not None
    (row,) = queries.tallies(session, change_id=change_id)
    return {each.value: getattr(row, each.value) for each in Reached if getattr(row, each.value)}


def _becomes(session: WriteSession, id: int, state: Delivery) -> None:
    message = session.scalars(select(OutboxMessage.id).where(OutboxMessage.idem_key == f"cancelled:{id}:0")).one()
    if state is Delivery.SENT:
        outbox.mark_sent(session, id=message, message_id="1", now=NOW)
    else:
        outbox.mark_dead(session, id=message, reason="blocked", now=NOW)


def test_the_tally_follows_each_message_until_everybody_knows(session: WriteSession) -> None:
    town = Town(session)
    sent, dead = town.people(2)
    (phoned,) = town.people(1, first=9 * 60, has_chat=False)
    done = made(session, town.close(), remedy=Remedy.CANCEL)
    assert _fate(session, done.change_id) == {"on_the_way": 2, "not_reached": 1}
    _becomes(session, sent, Delivery.SENT)
    _becomes(session, dead, Delivery.DEAD)
    assert _fate(session, done.change_id) == {"told": 1, "not_reached": 2}

    listed = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    assert [(row.appointment_id, row.reason) for row in listed] == [(dead, "blocked"), (phoned, None)]
    for row in listed:
        mark_told(session, id=row.id, way=Way.PHONE, **STAFF)
    assert _fate(session, done.change_id) == {"told": 3}
    assert queries.not_reached(session, office_id=town.office.id, since=TODAY) == []
    mark_told(session, id=listed[0].id, way=None, **STAFF)
    assert _fate(session, done.change_id) == {"told": 2, "not_reached": 1}


def test_whoever_agrees_knows(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    done = made(session, town.close())
    assert agree(session, appointment_id=id, now=NOW)
    assert not agree(session, appointment_id=id, now=NOW)
    assert _fate(session, done.change_id) == {"told": 1}


def test_a_time_that_closed_without_a_sheet_comes_to_the_list_of_its_office(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.CLOSED, **STAFF)
    assert {each.rule for each in verify(session)} == {"closed_time_is_known"}
    assert find_stranded(session, queue_id=town.queue.id, now=NOW) == 2
    assert find_stranded(session, queue_id=town.queue.id, now=NOW) == 0
    assert verify(session) == []
    listed = queries.not_reached(session, office_id=town.office.id, since=TODAY)
    assert [(row.appointment_id, row.step) for row in listed] == [(id, Step.OPEN) for id in people]
    decided = decide(
        session,
        change_id=listed[0].change_id,
        office_id=town.office.id,
        remedy=Remedy.MOVE,
        reason=WHY,
        staff_id=5,
        now=NOW,
    )
    assert decided == 2
    assert set(steps(session).values()) == {Step.MOVED}


def test_what_a_sheet_keeps_names_nobody(session: WriteSession) -> None:
    town = Town(session)
    town.people(1)
    made(session, town.close())
    for row in (session.scalars(select(Change)).one(), session.scalars(select(ChangedTurn)).one()):
        assert "رحیمی" not in str(vars(row))


def test_the_rule_of_a_weekday_is_the_one_that_was_made(session: WriteSession) -> None:
    """The preview leaves nothing behind, whatever the change was."""
    town = Town(session)
    town.people(2)
    rules = list(session.scalars(select(OpeningRule.opens)))
    slots = list(session.scalars(select(Slot.planned).order_by(Slot.id)))
    hit_by(session, town.deed(Kind.RULE, _rule(town, opens=10 * 60)))
    assert list(session.scalars(select(OpeningRule.opens))) == rules
    assert list(session.scalars(select(Slot.planned).order_by(Slot.id))) == slots


STORIES = [
    each
    for name, each in list(globals().items())
    if name.startswith("test_") and list(signature(each).parameters) == ["session"]
]


class EndOfStory(Exception):
    """Takes back what a story wrote."""


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Callable[[WriteSession], None]) -> None:
    def tell(session: WriteSession) -> None:
        story(session)
        raise EndOfStory

    with pytest.raises(EndOfStory):
        await storage.write(tell)
