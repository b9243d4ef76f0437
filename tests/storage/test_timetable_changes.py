"""Changed hours and holidays reach the places in the same transaction, and no search says no to a place that is there.

On both databases, because locks, dates and partial indexes are what differs between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import book, move
from desk.capacity.actions import (
    Hours,
    refill_office,
    roll_window,
    save_queue,
    set_exception,
    set_hours,
)
from desk.capacity.models import ExceptionKind, Queue, QueueService, Slot, SlotStatus
from desk.capacity.queries import first_free, free_days, free_times, rules_of, slot, soonest_elsewhere
from desk.capacity.refusals import (
    HoursOutOfOrder,
    HoursOverlap,
    NotBookable,
    NotPlausible,
    ServiceNotOffered,
    TooFarAhead,
)
from desk.capacity.rules import DayHours, Doubt
from desk.catalogue.models import Service
from desk.language.text import Localised
from desk.offices.models import Office
from desk.people.rules import DocumentKind
from desk.places.actions import hold
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.values import GeoPoint
from desk.verify import verify
from tests.makers import (
    NOW,
    TODAY,
    appointment_code,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
)
from tests.makers_hours import make_rule

TOMORROW = TODAY + timedelta(days=1)
A_WEEK = timedelta(days=7)
EID = Localised({"fa": "عید"})
STAFF: dict[str, Any] = {"actor": SYSTEM, "now": NOW}
SAME = Hours(480, 840, 15, 2)


@dataclass(frozen=True)
class Town:
    queue: int
    office: int
    service: int
    far_queue: int
    """In another province."""


def town(session: WriteSession) -> Town:
    """An office in Alborz and one in Tehran, open 8 to 14 on Saturday to Wednesday, with their window filled."""
    service = make_service(session)
    queues = []
    for province in ("IR-30", "IR-23"):
        office = make_office(session, province_code=province)
        queue = make_queue(session, office=office, services=[service])
        for weekday in range(5):
            make_rule(session, queue=queue, weekday=weekday)
        roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
        queues.append(queue)
    return Town(queues[0].id, queues[0].office_id, service.id, queues[1].id)


def starts(session: Session, *, queue: int, day: date) -> int:
    """How many starts the queue offers on a day."""
    live = select(Slot.id).where(Slot.queue_id == queue, Slot.day == day, Slot.status == SlotStatus.LIVE)
    return len(session.scalars(live).all())


def offered(session: Session, *, where: Town, day: date) -> int:
    """How many times a chat is shown for a day."""
    return len(free_times(session, service_id=where.service, office_id=where.office, day=day, after=NOW))


async def test_hours_change_from_a_day_on_for_several_weekdays_at_once(storage: Storage) -> None:
    where = await storage.write(town)
    from_day, last = TODAY + A_WEEK, TODAY + 3 * A_WEEK - timedelta(days=1)

    await storage.write(
        set_hours,
        queue_id=where.queue,
        weekdays=[0, 1],
        hours=Hours(480, 720, 20, 3),
        from_day=from_day,
        to_day=last,
        instead_of=(480, 840),
        goes_back=True,
        **STAFF,
    )
    rules = await storage.read(rules_of, queue_id=where.queue)

    saturday = sorted((rule.valid_from, rule.valid_to, rule.counters) for rule in rules if rule.weekday == 0)
    assert [each[1:] for each in saturday[:1]] == [(from_day - timedelta(days=1), 2)]
    assert saturday[1:] == [(from_day, last, 3), (last + timedelta(days=1), None, 2)]
    assert len([rule for rule in rules if rule.weekday == 2]) == 1, "a weekday that was not ticked stays as it was"
    wanted = {TOMORROW: 24, from_day: 12, from_day + timedelta(days=1): 12, last + timedelta(days=1): 24}
    assert {day: await storage.read(starts, queue=where.queue, day=day) for day in wanted} == wanted
    assert await storage.read(verify) == []


async def test_hours_that_end_on_the_last_day_of_a_change_do_not_come_back_after_it(storage: Storage) -> None:
    where = await storage.write(town)
    last = TODAY + 4 * A_WEEK
    change: dict[str, Any] = {"queue_id": where.queue, "weekdays": [0], "instead_of": (480, 840), **STAFF}
    await storage.write(set_hours, hours=Hours(480, 600, 15, 2), from_day=last + timedelta(days=1), **change)

    await storage.write(
        set_hours, hours=Hours(480, 840, 15, 4), from_day=TODAY + A_WEEK, to_day=last, goes_back=True, **change
    )
    saturday = [rule for rule in await storage.read(rules_of, queue_id=where.queue) if rule.weekday == 0]
    assert sorted((rule.valid_from, rule.valid_to, rule.counters) for rule in saturday)[1:] == [
        (TODAY + A_WEEK, last, 4),
        (last + timedelta(days=1), None, 2),
    ]
    assert len(saturday) == 3


async def test_a_change_neither_rewrites_the_past_nor_undoes_what_is_planned(storage: Storage) -> None:
    where = await storage.write(town)
    change: dict[str, Any] = {"queue_id": where.queue, "weekdays": [0], "instead_of": (480, 840), **STAFF}
    planned = TODAY + 4 * A_WEEK
    await storage.write(set_hours, hours=Hours(480, 600, 15, 2), from_day=planned, **change)

    with pytest.raises(HoursOverlap):
        await storage.write(set_hours, hours=SAME, from_day=TODAY + A_WEEK, **change)
    with pytest.raises(HoursOutOfOrder):
        await storage.write(set_hours, hours=SAME, from_day=TODAY - A_WEEK, **change)

    until = planned - timedelta(days=1)
    await storage.write(set_hours, hours=Hours(480, 840, 15, 4), from_day=TODAY + A_WEEK, to_day=until, **change)
    found = [rule.counters for rule in await storage.read(rules_of, queue_id=where.queue) if rule.weekday == 0]
    assert sorted(found) == [2, 2, 4]


async def test_what_is_hardly_meant_is_asked_back_and_never_saved_in_silence(storage: Storage) -> None:
    where = await storage.write(town)
    slip: dict[str, Any] = {
        "queue_id": where.queue,
        "weekdays": [5],
        "hours": Hours(480, 600, 1, 200),
        "from_day": TODAY,
        **STAFF,
    }

    with pytest.raises(NotPlausible) as asked:
        await storage.write(set_hours, **slip)
    before = await storage.read(rules_of, queue_id=where.queue)
    await storage.write(set_hours, is_sure=True, **slip)

    assert (asked.value.places, asked.value.doubts) == (24_000, (Doubt.PLACES, Doubt.COUNTERS, Doubt.MINUTES))
    assert len(before) == 5
    assert len(await storage.read(rules_of, queue_id=where.queue)) == 6


async def test_no_place_beyond_the_window_is_offered_held_booked_or_moved_to(storage: Storage) -> None:
    where = await storage.write(town)
    far = TODAY + timedelta(days=200)
    far += timedelta(days=(5 - far.weekday()) % 7)  # a Saturday

    def hours_of_that_day(session: WriteSession) -> int:
        set_exception(
            session, queue_id=where.queue, day=far, kind=ExceptionKind.HOURS, hours=[DayHours(480, 600)], **STAFF
        )
        made = starts(session, queue=where.queue, day=far)
        # As databases have them that were filled before the bound was kept:
        make_slot(session, queue=session.get_one(Queue, where.queue), starts_at=at(far, hour=8))
        return made

    assert await storage.write(hours_of_that_day) == 0

    def its_slot(session: Session) -> int:
        return session.scalars(select(Slot.id).where(Slot.day == far)).one()

    slot_id = await storage.read(its_slot)
    assert await storage.read(offered, where=where, day=far) == 0
    days = await storage.read(
        free_days, service_id=where.service, office_id=where.office, after=NOW, limit=90, from_day=far - A_WEEK
    )
    assert days == []
    assert await storage.read(slot, slot_id=slot_id, service_id=where.service, after=NOW) is None

    def tried(session: WriteSession, how: str) -> type[Refusal] | None:
        chat = make_conversation(session)
        person = make_person(session, conversation=chat)
        try:
            if how == "hold":
                hold(session, actor=Actor.chat(chat.id), slot_id=slot_id, service_id=where.service, now=NOW)
            elif how == "book":
                book(
                    session,
                    idem_key="far",
                    actor=Actor.chat(chat.id),
                    slot_id=slot_id,
                    service_id=where.service,
                    person_id=person.id,
                    person_name="ر",
                    document_kind=DocumentKind.AMAYESH,
                    code=appointment_code(),
                    now=NOW,
                )
            else:
                appointment = make_appointment(
                    session,
                    service=session.get_one(Service, where.service),
                    slot=session.scalars(
                        select(Slot).where(Slot.queue_id == where.queue, Slot.day == TOMORROW).limit(1)
                    ).one(),
                    conversation=chat,
                    person=person,
                )
                move(
                    session,
                    idem_key="far",
                    appointment_id=appointment.id,
                    actor=Actor.chat(chat.id),
                    slot_id=slot_id,
                    now=NOW,
                )
        except TooFarAhead as refusal:
            return type(refusal)
        return None

    assert [await storage.write(tried, how) for how in ("hold", "book", "move")] == [TooFarAhead] * 3
    assert await storage.read(verify) == []


@pytest.mark.parametrize("what", ["office", "queue", "service", "catalogue", "link"])
async def test_what_is_out_of_use_is_neither_suggested_nor_held(storage: Storage, what: str) -> None:
    where = await storage.write(town)

    def put_out_of_use(session: WriteSession) -> int:
        chosen = session.scalars(select(Slot.id).where(Slot.queue_id == where.queue, Slot.day == TOMORROW)).first()
        if what == "office":
            session.get_one(Office, where.office).is_active = False
        elif what == "queue":
            session.get_one(Queue, where.queue).is_active = False
        elif what == "service":
            session.get_one(Service, where.service).is_bookable = False
        elif what == "catalogue":
            session.get_one(Service, where.service).is_published = False
        else:
            session.get_one(QueueService, (where.queue, where.service)).is_active = False
        session.flush()
        return chosen or 0

    slot_id = await storage.write(put_out_of_use)
    at_office: dict[str, Any] = {"service_id": where.service, "office_id": where.office, "after": NOW}

    def refused(session: WriteSession) -> type[Refusal] | None:
        chat = make_conversation(session)
        try:
            hold(session, actor=Actor.chat(chat.id), slot_id=slot_id, service_id=where.service, now=NOW)
        except (NotBookable, ServiceNotOffered) as refusal:
            return type(refusal)
        return None

    assert await storage.read(first_free, service_id=where.service, office_ids=[where.office], after=NOW) == []
    assert await storage.read(free_days, **at_office) == []
    assert await storage.read(free_times, day=TOMORROW, **at_office) == []
    assert await storage.read(slot, slot_id=slot_id, service_id=where.service, after=NOW) is None
    assert await storage.write(refused) is (NotBookable if what in ("service", "catalogue") else ServiceNotOffered)


async def test_a_queue_or_an_office_put_back_into_use_opens_at_once(storage: Storage) -> None:
    where = await storage.write(town)

    def queue(session: WriteSession, *, is_active: bool) -> None:
        name, services = Localised({"fa": "ب"}), [where.service]
        save_queue(
            session,
            queue_id=where.queue,
            office_id=where.office,
            name=name,
            service_ids=services,
            is_active=is_active,
            **STAFF,
        )

    def office(session: WriteSession, *, is_active: bool) -> None:
        session.get_one(Office, where.office).is_active = is_active
        session.flush()
        refill_office(session, office_id=where.office, now=NOW)

    seen = []
    for switch in (queue, office):
        for is_active in (False, True):
            await storage.write(switch, is_active=is_active)
            seen.append(await storage.read(starts, queue=where.queue, day=TOMORROW))
    assert seen == [0, 24, 0, 24]


async def test_a_search_asks_all_offices_also_those_that_are_not_on_the_map(storage: Storage) -> None:
    def many(session: WriteSession) -> tuple[int, int, int]:
        service = make_service(session)
        near = [make_office(session, point=(35.8 + n / 1000, 51.0)) for n in range(15)]
        for office in near:
            make_queue(session, office=office, services=[service])
        far = make_office(session, province_code="IR-23", point=(36.9, 54.0))
        make_slot(session, queue=make_queue(session, office=far, services=[service]), starts_at=at(TOMORROW, hour=9))
        unmapped = make_office(session, province_code="IR-23", point=None)
        queue = make_queue(session, office=unmapped, services=[service])
        make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=8))
        return service.id, near[0].id, unmapped.id

    service_id, here, unmapped = await storage.write(many)
    found = await storage.read(
        soonest_elsewhere,
        service_id=service_id,
        near=GeoPoint(35.8, 51.0),
        province_code=None,
        except_office=here,
        after=NOW,
    )
    assert [each.slot.starts_at for each in found] == [at(TOMORROW, hour=8), at(TOMORROW, hour=9)]
    assert (found[0].office.id, found[0].km) == (unmapped, None)


async def test_every_time_of_a_day_is_read(storage: Storage) -> None:
    def long_day(session: WriteSession) -> Town:
        service, office = make_service(session), make_office(session)
        queue = make_queue(session, office=office, services=[service])
        for minute in range(0, 72 * 5, 5):
            make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=8) + timedelta(minutes=minute))
        return Town(queue.id, office.id, service.id, 0)

    where = await storage.write(long_day)
    assert await storage.read(offered, where=where, day=TOMORROW) == 72
