"""The timetable's jobs on both databases: each finds what is due, and nothing else."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta, tzinfo
from io import StringIO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.sending.outgoing import OfTheChat
from desk.appointments.models import Appointment
from desk.capacity.actions import materialise
from desk.capacity.models import Holiday, Queue, Slot
from desk.capacity.rules import WINDOW_DAYS
from desk.cases import actions as cases
from desk.clock import SetBack, SystemClock
from desk.clock import now as wall_now
from desk.consequences import queries as consequences
from desk.conversations.actions import note_update
from desk.conversations.jobs import UPDATES_KEPT
from desk.conversations.models import HeardUpdate
from desk.language.text import Localised
from desk.outbox.actions import enqueue, mark_sent
from desk.outbox.jobs import CLOSED_MESSAGES_KEPT
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from mizban.jobs import Jobs, Planned
from mizban.logs import set_up
from mizban.timetable import Timetable
from tests.makers import (
    NOW,
    TODAY,
    by_staff,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_slot,
    make_staff,
)
from tests.makers_cases import file_complaint
from tests.makers_changes import SUNDAY, Town
from tests.makers_chats import recipient
from tests.makers_hours import make_rule


class StandingClock:
    """A clock that shows what it is told."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


async def test_holds_are_released_when_their_time_is_over(storage: Storage) -> None:
    def keep(session: WriteSession) -> int:
        slot = make_slot(session, capacity=2)
        session.flush()
        for minutes in (-1, 5):
            conversation = make_conversation(session)
            session.add(
                Claim(
                    kind=ClaimKind.HOLD,
                    nth=1,
                    conversation_id=conversation.id,
                    slot_id=slot.id,
                    expires_at=NOW + timedelta(minutes=minutes),
                )
            )
            slot.remaining -= 1
        slot.is_open = slot.remaining > 0
        return slot.id

    slot_id = await storage.write(keep)
    jobs = Jobs(storage=storage, clock=StandingClock())
    assert await jobs.run("release_expired_holds") == 1
    assert await jobs.run("release_expired_holds") == 0

    def remaining(session: Session) -> int:
        return session.scalars(select(Slot.remaining).where(Slot.id == slot_id)).one()

    assert await storage.read(remaining) == 1


async def test_the_window_is_made_and_rolls_a_day_at_a_time(storage: Storage) -> None:
    def open_daily(session: WriteSession) -> None:
        queue = make_queue(session)
        for weekday in range(7):
            make_rule(session, queue=queue, weekday=weekday)

    await storage.write(open_daily)
    clock = StandingClock()
    jobs = Jobs(storage=storage, clock=clock)
    assert await jobs.run("roll_windows") == 1
    assert await jobs.run("roll_windows") == 0

    def until(session: Session) -> tuple[object, int]:
        return session.scalars(select(Queue.filled_until)).one(), len(set(session.scalars(select(Slot.day))))

    assert (await storage.read(until))[0] == TODAY + timedelta(days=WINDOW_DAYS - 1)
    before = (await storage.read(until))[1]
    clock.at += timedelta(days=1)
    assert await jobs.run("roll_windows") == 1
    assert (await storage.read(until))[1] == before + 1


async def test_whoever_lost_their_time_past_the_sheet_comes_to_the_list_of_their_office(storage: Storage) -> None:
    """Such as by a holiday that was there when the day came within the window."""

    def prepare(session: WriteSession) -> tuple[int, int]:
        town = Town(session)
        (appointment,) = town.people(1)
        session.add(Holiday(day=SUNDAY, name=Localised({"fa": "تعطیل"}), is_confirmed=True))
        session.flush()
        materialise(session, queue_id=town.queue.id, days=[SUNDAY], now=NOW)
        return town.office.id, appointment

    office, appointment = await storage.write(prepare)
    jobs = Jobs(storage=storage, clock=StandingClock(NOW + timedelta(days=1)))
    assert await jobs.run("roll_windows") == 1

    def listed(session: Session) -> list[int]:
        rows = consequences.not_reached(session, office_id=office, since=TODAY)
        return [row.appointment_id for row in rows]

    assert await storage.read(listed) == [appointment]


async def test_the_holidays_of_the_years_ahead_are_written_before_they_are_needed(storage: Storage) -> None:
    """Whatever was entered ends one day, and nobody is asked to think of it: one of the duties does."""
    clock = StandingClock(datetime(2027, 12, 20, 6, 0, tzinfo=UTC))
    for job in Jobs(storage=storage, clock=clock).all():
        await job.run()

    def nowruz(session: Session) -> list[tuple[date, bool]]:
        days = select(Holiday.day, Holiday.is_confirmed).where(Holiday.day.in_([date(2028, 3, 20), date(2029, 3, 20)]))
        return [(day, sure) for day, sure in session.execute(days.order_by(Holiday.day))]

    def estimated(session: Session) -> int:
        return session.scalar(select(func.count()).where(Holiday.is_confirmed.is_(False))) or 0

    assert await storage.read(nowruz) == [(date(2028, 3, 20), True), (date(2029, 3, 20), True)]
    assert await storage.read(estimated) > 10


async def test_yesterdays_unrecorded_appointment_no_longer_stands_in_the_way(storage: Storage) -> None:
    def book(session: WriteSession) -> None:
        make_appointment(session, slot=make_slot(session, starts_at=NOW + timedelta(hours=1)))

    await storage.write(book)
    clock = StandingClock()
    jobs = Jobs(storage=storage, clock=clock)

    def live(session: Session) -> bool:
        return session.scalars(select(Appointment.is_live)).one()

    assert await jobs.run("lapse_appointments") == 0
    assert await storage.read(live)
    clock.at += timedelta(days=1)
    assert await jobs.run("lapse_appointments") == 1
    assert not await storage.read(live)


async def test_records_of_updates_and_closed_messages_are_forgotten_in_time(storage: Storage) -> None:
    def fill(session: WriteSession) -> None:
        for number, age in enumerate((timedelta(0), UPDATES_KEPT + timedelta(minutes=1))):
            note_update(session, channel="bale", bot="1", update_id=str(number), now=NOW - age)
        for number, age in enumerate((timedelta(0), CLOSED_MESSAGES_KEPT + timedelta(days=1))):
            for is_closed in (False, True):
                written = NOW - age
                key = f"{number}.{is_closed}"
                enqueue(
                    session,
                    idem_key=key,
                    to=recipient(session, "bale", "1", "2"),
                    notice=OfTheChat.SCREEN,
                    params={},
                    due_at=written,
                    now=written,
                )
                if is_closed:
                    row = session.scalars(select(OutboxMessage.id).where(OutboxMessage.idem_key == key)).one()
                    mark_sent(session, id=row, message_id="1", now=written)

    await storage.write(fill)
    jobs = Jobs(storage=storage, clock=StandingClock())
    assert await jobs.run("forget_updates") == 1
    assert await jobs.run("forget_closed_messages") == 1
    assert await jobs.run("forget_staff_sessions") == 0
    assert await storage.read(count, HeardUpdate) == 1
    assert await storage.read(count, OutboxMessage) == 3


async def test_a_failing_job_is_named_and_stops_no_other() -> None:
    ran: list[str] = []
    done = asyncio.Event()

    async def fail() -> int:
        ran.append("fails")
        raise ZeroDivisionError

    async def work() -> int:
        ran.append("works")
        if ran.count("works") == 2:
            done.set()
        return 1

    often = timedelta(milliseconds=50)
    table = Timetable([Planned("fails", often, fail), Planned("works", often, work)], clock=SystemClock())
    table.start()
    assert table.is_running
    await asyncio.wait_for(done.wait(), 60)
    assert table.failing == {"fails"}
    await table.stop()
    assert not table.is_running


async def test_cases_of_somebody_who_left_are_given_back(storage: Storage) -> None:
    def leave(session: WriteSession) -> None:
        office = make_office(session)
        holder = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30")
        case = file_complaint(session, office=office).case_id
        by_staff(cases.assign)(session, case_id=case, to_staff_id=holder.id, staff_id=holder.id, now=NOW)
        holder.is_active = False

    await storage.write(leave)
    jobs = Jobs(storage=storage, clock=StandingClock())
    assert await jobs.run("give_back_cases") == 1
    assert await jobs.run("give_back_cases") == 0


async def test_people_nobody_knows_any_more_are_swept(storage: Storage) -> None:
    def meet(session: WriteSession) -> None:
        make_person(session, conversation=make_conversation(session))
        make_appointment(session, person=make_person(session))
        make_person(session)

    await storage.write(meet)
    jobs = Jobs(storage=storage, clock=StandingClock())
    assert await jobs.run("forget_people") == 1
    assert await jobs.run("forget_people") == 0
    assert await storage.read(count, Person) == 2


class MovedClock:
    """The machine's clock as it is after somebody set it; also what the timetable's library then reads."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self, zone: tzinfo | None = None) -> datetime:
        return (wall_now() + self.by).astimezone(zone or UTC)


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "with a full disk"])
async def test_jobs_go_on_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch, is_told: bool) -> None:
    clock, ran = MovedClock(), asyncio.Event()
    stream = StringIO()
    set_up("INFO", stream=stream)
    if not is_told:
        stream.close()

    async def work() -> int:
        ran.set()
        return 0

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", clock)
    job = Planned("works", timedelta(milliseconds=200), work)
    table = Timetable([job], clock=clock, set_back=SetBack(wall=clock.now), watch=0.05)
    table.start()
    try:
        await asyncio.wait_for(ran.wait(), 60)
        clock.by = timedelta(hours=-2)
        await asyncio.sleep(0.3)
        for _ in range(3):
            ran.clear()
            await asyncio.wait_for(ran.wait(), 60)
        clock.by = timedelta(0)
        ran.clear()
        await asyncio.wait_for(ran.wait(), 60)
    finally:
        await table.stop()
    assert not is_told or "clock_set_back" in stream.getvalue()


def test_a_clock_set_back_is_noticed_and_small_corrections_are_not() -> None:
    wall, steady = [NOW], [100.0]
    watch = SetBack(wall=lambda: wall[0], steady=lambda: steady[0])

    def pass_(seconds: float, *, shown: float) -> timedelta:
        steady[0] += seconds
        wall[0] += timedelta(seconds=shown)
        return watch.look()

    assert pass_(5, shown=5) == timedelta(0)
    assert pass_(5, shown=4.9) == timedelta(0)
    assert pass_(5, shown=5 - 7200) == timedelta(hours=2)
    assert pass_(5, shown=5) == timedelta(0)
    assert pass_(5, shown=7200) == timedelta(0)


async def test_a_job_that_does_not_end_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [0.0]
    monkeypatch.setattr("mizban.timetable.steady", lambda: moment[0])

    async def work() -> int:
        return 0

    table = Timetable([Planned("works", timedelta(hours=1), work)], clock=SystemClock())
    assert table.late() == []
    table.start()
    try:
        moment[0] = 2 * 3600.0
        assert table.late() == []
        moment[0] = 4 * 3600.0
        assert table.late() == ["works"]
    finally:
        await table.stop()
