"""The system is down: everybody of the line gets a date before all others, and those still to come are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.closings.stopping import StoppedLine, stop_line
from desk.consequences.jobs import carry_on_changes
from desk.line import actions
from desk.line.rules import EntryState
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_arrival
from tests.domain.line_scene import CLERK, OneDay, after
from tests.makers import TODAY, acting, make_appointment, make_conversation, make_slot
from tests.makers_hours import make_rule

WHY = "کارتخوان کار نمی‌کند."
TOMORROW = 24 * 60


class Morning(OneDay):
    """An office that is open today, and tomorrow as long as a test makes it; people have chats."""

    def __init__(self, session: WriteSession, *, tomorrow: int) -> None:
        super().__init__(session)
        for place in range(tomorrow):
            starts_at = after(TOMORROW + place * 15)
            make_slot(session, queue=self.queue, starts_at=starts_at, capacity=1)
        make_rule(session, queue=self.queue, weekday=0, opens=480, closes=720, counters=2)

    def in_chat(self, minutes: float) -> int:
        """Somebody with a chat and an appointment at this time."""
        self.booked(minutes)
        chat = make_conversation(self.session)
        slot = self._slots[minutes]
        return make_appointment(self.session, slot=slot, service=self.service, conversation=chat).id

    def stop(self, minutes: float, *, until: int | None = None, key: str = "k") -> StoppedLine:
        return stop_line(
            self.session, key=key, office_id=self.id, until=until, reason=WHY, actor=CLERK, now=after(minutes)
        )

    def state(self, id: int) -> AppointmentState:
        self.session.expire_all()
        return self.session.get_one(Appointment, id).state

    def new_time(self, id: int) -> float:
        """When somebody comes back, in minutes after eight of today."""
        [starts_at] = self.session.scalars(
            select(Appointment.starts_at).where(Appointment.idem_key.like(f"back:{id}:%"))
        )
        return (starts_at - after(0)) / timedelta(minutes=1)


def test_who_is_in_the_line_gets_the_first_dates_in_their_order(session: WriteSession) -> None:
    day = Morning(session, tomorrow=3)
    second, third, first = day.in_chat(15), day.came(3), day.in_chat(0)
    for minute, id in ((1, second), (2, first)):
        record_arrival(session, appointment_id=id, actor=CLERK, now=after(minute))
    day.do(actions.call_this, first, 16, counter=1)
    to_come = day.in_chat(120)
    stopped = day.stop(20)
    assert (stopped.dated, stopped.undated) == (3, 0)
    assert [day.state(id) for id in (first, second, third)] == [AppointmentState.COME_BACK] * 3
    assert [day.new_time(id) - TOMORROW for id in (first, second, third)] == [0, 15, 30]
    assert {day.entry(id).state for id in (first, second, third)} == {EntryState.DONE}
    assert day.order(21) == []
    carry_on_changes(session, now=after(40), limit=50)
    assert day.state(to_come) is not AppointmentState.BOOKED or day.session.get_one(Appointment, to_come).moves == 1
    told = session.scalars(select(OutboxMessage.notice).where(OutboxMessage.about == f"appointment:{to_come}")).all()
    assert {"moved_by_office", "cancelled_by_office"} & set(told), "they are told"
    assert verify(session) == []


def test_where_nothing_is_free_they_are_told_why(session: WriteSession) -> None:
    day = Morning(session, tomorrow=1)
    first, second = day.in_chat(0), day.in_chat(0)
    for minute, id in ((1, first), (2, second)):
        record_arrival(session, appointment_id=id, actor=CLERK, now=after(minute))
    stopped = day.stop(20)
    assert (stopped.dated, stopped.undated) == (1, 1)
    assert day.state(second) is AppointmentState.CANCELLED_BY_OFFICE
    assert day.session.get_one(Appointment, second).office_reason == WHY
    assert day.entry(second).state is EntryState.LEFT
    assert verify(session) == []


def test_for_an_hour_everybody_keeps_their_place(session: WriteSession) -> None:
    day = Morning(session, tomorrow=3)
    first, second = day.came(1, booked=0), day.came(2)
    stopped = day.stop(20, until=9 * 60 + 30)
    assert (stopped.dated, stopped.undated) == (0, 0)
    assert day.order(21) == [first, second]
    assert verify(session) == []


def test_a_second_press_changes_nothing(session: WriteSession) -> None:
    day = Morning(session, tomorrow=3)
    day.came(1, booked=0)
    once = day.stop(20)
    late = day.came(21, booked=15)
    assert day.stop(22) == StoppedLine(once.change_id)
    assert day.state(late) is AppointmentState.ARRIVED


@pytest.mark.parametrize("lacks", [Permission.CAPACITY_WRITE, Permission.APPOINTMENTS_RECORD])
def test_it_takes_who_plans_and_records(session: WriteSession, lacks: Permission) -> None:
    day = Morning(session, tomorrow=3)
    id = day.came(1, booked=0)
    grants = {name: scope for name, scope in acting(5).grants.items() if name != lacks}
    with pytest.raises(OutOfReach):
        stop_line(
            session, key="k", office_id=day.id, until=None, reason=WHY, actor=Actor.staff(5, grants), now=after(20)
        )
    assert (day.state(id), TODAY) == (AppointmentState.ARRIVED, TODAY)
