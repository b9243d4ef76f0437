"""Holidays that are entered, taken out and found after the slots were made: on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.capacity.actions import (
    delete_holiday,
    save_holiday,
)
from desk.capacity.models import Holiday, Slot
from desk.capacity.opening_hours import open_days
from desk.capacity.queries import holidays
from desk.catalogue.models import Service
from desk.consequences.hit import Reach, stranded
from desk.seed.days_off import keep_filled
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.values import LocalDay
from desk.verify import verify
from tests.makers import (
    NOW,
    TODAY,
    make_appointment,
)
from tests.storage.test_timetable_changes import EID, STAFF, TOMORROW, offered, starts, town


async def test_a_holiday_closes_and_a_mistaken_one_opens_its_day_at_once(storage: Storage) -> None:
    where = await storage.write(town)
    both = (where.queue, where.far_queue)

    await storage.write(save_holiday, day=TOMORROW, name=EID, is_confirmed=True, **STAFF)
    shut = [await storage.read(starts, queue=queue, day=TOMORROW) for queue in both]
    [national] = await storage.read(lambda session: list(session.scalars(select(Holiday.id))))
    await storage.write(delete_holiday, holiday_id=national, **STAFF)
    open_again = [await storage.read(starts, queue=queue, day=TOMORROW) for queue in both]
    await storage.write(save_holiday, day=TOMORROW, name=EID, is_confirmed=True, province_code="IR-23", **STAFF)
    provincial = [await storage.read(starts, queue=queue, day=TOMORROW) for queue in both]
    await storage.write(
        save_holiday, day=TOMORROW, name=EID, is_confirmed=True, is_closed=False, province_code="IR-23", **STAFF
    )
    reopened = [await storage.read(starts, queue=queue, day=TOMORROW) for queue in both]

    assert (shut, open_again, provincial, reopened) == ([0, 0], [24, 24], [24, 0], [24, 24])
    assert await storage.read(offered, where=where, day=TOMORROW) == 24
    assert await storage.read(verify) == []


async def test_a_holiday_taken_out_by_mistake_closes_its_day_when_it_is_entered_again(storage: Storage) -> None:
    where = await storage.write(town)
    holiday: dict[str, Any] = {"day": TOMORROW, "name": EID, "is_confirmed": True, **STAFF}
    await storage.write(save_holiday, **holiday)
    [entered] = await storage.read(lambda session: list(session.scalars(select(Holiday.id))))
    await storage.write(delete_holiday, holiday_id=entered, **STAFF)
    seen = []
    for told in (False, True):
        if told:
            await storage.write(save_holiday, **holiday)
        days = await storage.read(holidays, from_day=TODAY, to_day=TOMORROW)
        hours = await storage.read(
            open_days, office_id=where.office, service_id=where.service, first=LocalDay(TOMORROW), days=1
        )
        places = await storage.read(starts, queue=where.queue, day=TOMORROW)
        seen.append(([each.day for each in days], [bool(each.hours) for each in hours], places))
    assert seen == [([], [True], 24), ([TOMORROW], [False], 0)]


async def test_only_people_of_the_province_are_hit_by_its_closure(storage: Storage) -> None:
    where = await storage.write(town)

    def appointments(session: WriteSession) -> list[int]:
        service = session.get_one(Service, where.service)
        return [
            make_appointment(
                session,
                service=service,
                slot=session.scalars(select(Slot).where(Slot.queue_id == queue, Slot.day == TOMORROW).limit(1)).one(),
            ).id
            for queue in (where.queue, where.far_queue)
        ]

    here, there = await storage.write(appointments)
    closure: dict[str, Any] = {"day": TOMORROW, "name": EID, "is_confirmed": True, **STAFF}
    await storage.write(save_holiday, province_code="IR-30", **closure)
    assert set(await storage.read(stranded, reach=Reach(day=TOMORROW), now=NOW)) == {here}
    await storage.write(save_holiday, province_code="IR-23", **closure)
    assert set(await storage.read(stranded, reach=Reach(day=TOMORROW), now=NOW)) == {here, there}


async def test_holidays_that_come_after_the_slots_close_them_and_what_was_taken_out_stays_out(
    storage: Storage,
) -> None:
    where = await storage.write(town)
    later = NOW + timedelta(days=4)
    written = await storage.write(keep_filled, today=TODAY, now=NOW)

    def closed(session: Session) -> list[date]:
        window = (TODAY, TODAY + timedelta(days=59))
        days = session.scalars(select(Holiday.day).where(Holiday.day.between(*window)).order_by(Holiday.day))
        return [day for day in days if day.weekday() != 4]

    days = await storage.read(closed)
    still_open = [day for day in days if await storage.read(starts, queue=where.queue, day=day)]

    def one(session: Session) -> int:
        return session.scalars(select(Holiday.id).where(Holiday.day == days[0])).one()

    await storage.write(delete_holiday, holiday_id=await storage.read(one), **STAFF)
    again = await storage.write(keep_filled, today=TODAY, now=later)

    assert written > 50
    assert days
    assert still_open == []
    assert again == 0


async def test_estimated_holidays_of_the_years_ahead_are_marked(storage: Storage) -> None:
    await storage.write(keep_filled, today=date(2027, 12, 27), now=NOW + timedelta(days=400))

    def rows(session: Session) -> list[tuple[int, bool]]:
        return [(day.year, sure) for day, sure in session.execute(select(Holiday.day, Holiday.is_confirmed))]

    found = await storage.read(rows)
    assert {year for year, _ in found} == {2028, 2029}
    assert {sure for _, sure in found} == {True, False}
