"""Random histories of a desk against a model of plain dicts: after every step the database must say the same.

Each step is one transaction that goes on and commits when the desk refuses, as a conversation's does; so a refusal
must leave no trace. After each step every rule of `verify` is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from desk.appointments.actions import cancel_by_office, lapse
from desk.appointments.refusals import NotCancellable
from desk.appointments.rules import LIVE, AppointmentState
from desk.capacity.actions import clear_exception, set_exception
from desk.capacity.models import ExceptionKind
from desk.consequences.hit import Reach, stranded
from desk.places.actions import release_expired
from desk.visits.actions import record_arrival, record_outcome, undo_arrival, undo_outcome
from desk.visits.refusals import NotRecordable, NotYetTheDay
from desk.visits.rules import Outcome
from tests.makers import NOW, TODAY, acting
from tests.storage.booking_machine import PeopleAtTheDesk, days, some
from tests.storage.booking_model import COUNTERS, Database, ModelAppointment


class BookingMachine(PeopleAtTheDesk):
    """People do as they do; the office changes its day; clerks record; time goes on."""

    # -- what the office does

    @precondition(lambda self: self.desk.appointments)
    @rule(which=some)
    def cancel_by_office(self, which: int) -> None:
        appointment = self._appointment(which)
        answer = self.database.write(
            cancel_by_office, appointment_id=appointment.id, actor=acting(7), reason="برق رفت", now=self.desk.now
        )
        if appointment.state not in LIVE or not appointment.is_live:
            assert isinstance(answer, NotCancellable)
        else:
            appointment.state, appointment.is_live = AppointmentState.CANCELLED_BY_OFFICE, False

    @rule(day=days, counters=st.integers(0, 3))
    def change_the_day(self, day: date, counters: int) -> None:
        """No counters = the day is closed, two = as usual."""
        where = {"queue_id": self.ids["queue"], "day": day, "actor": acting(7), "now": self.desk.now}
        if counters == COUNTERS:
            self.database.write(clear_exception, **where)
        elif counters == 0:
            self.database.write(set_exception, **where, kind=ExceptionKind.CLOSED)
        else:
            self.database.write(set_exception, **where, kind=ExceptionKind.HOURS, counters=counters)
        touched = [s for s in self.desk.slots if s.day == day and s.starts_at > self.desk.now]
        for slot in touched:
            slot.planned = counters
        booked = [
            appointment
            for appointment in self.desk.appointments
            if appointment.is_live and appointment.state is AppointmentState.BOOKED
        ]
        hit = {
            appointment.id for appointment in booked if self.desk.slots[appointment.slot] in touched and not counters
        }
        assert hit == set(self.database.read(partial(stranded, reach=Reach(day=day), now=self.desk.now)))

    @precondition(lambda self: self.desk.appointments)
    @rule(which=some, what=st.sampled_from(["arrive", "undo arrival", "undo outcome", Outcome.SERVED, Outcome.ABSENT]))
    def record(self, which: int, what: str) -> None:
        desk, appointment = self.desk, self._appointment(which)
        who = {"appointment_id": appointment.id, "actor": acting(7), "now": desk.now}
        state: AppointmentState | None = None
        if what == "arrive":
            answer = self.database.write(record_arrival, **who)
            state = {
                AppointmentState.BOOKED: AppointmentState.ARRIVED,
                AppointmentState.ARRIVED: AppointmentState.ARRIVED,
            }.get(appointment.state)
        elif what == "undo arrival":
            answer = self.database.write(undo_arrival, **who)
            state = AppointmentState.BOOKED if appointment.state is AppointmentState.ARRIVED else None
        elif what == "undo outcome":
            answer = self.database.write(undo_outcome, **who)
            if appointment.state in (AppointmentState.SERVED, AppointmentState.COME_BACK, AppointmentState.ABSENT):
                state = AppointmentState.ARRIVED if appointment.came else AppointmentState.BOOKED
        else:
            outcome = Outcome(what)
            answer = self.database.write(record_outcome, **who, outcome=outcome, is_sure=True)
            if appointment.state in LIVE and not (
                outcome is Outcome.ABSENT and appointment.state is AppointmentState.ARRIVED
            ):
                state = AppointmentState(outcome.value)
        if desk.slots[appointment.slot].day > desk.today:
            assert isinstance(answer, NotYetTheDay)
        elif state is None:
            assert isinstance(answer, NotRecordable)
        elif state is not appointment.state:
            assert answer is None
            self._become(appointment, state)

    def _become(self, appointment: ModelAppointment, state: AppointmentState) -> None:
        appointment.came = state is AppointmentState.ARRIVED or (
            appointment.came and state is not AppointmentState.BOOKED
        )
        appointment.state, appointment.is_live = state, False
        if state not in LIVE or not self.desk.is_present(appointment):
            return
        for flag in (appointment.is_contested, not appointment.is_contested):
            if self.desk.has_room_beside(appointment, is_contested=flag):
                appointment.is_contested, appointment.is_live = flag, True
                return

    # -- time

    @rule(minutes=st.sampled_from([4, 11, 20]))
    def time_goes_on(self, minutes: int) -> None:
        self.desk.now += timedelta(minutes=minutes)

    @rule()
    def free_expired_holds(self) -> None:
        expired = [chat for chat, (_, until) in self.desk.holds.items() if until <= self.desk.now]
        still = [each for each in self.desk.resting if each[1] > self.desk.now]
        rested = len(self.desk.resting) - len(still)
        assert self.database.write(release_expired, now=self.desk.now) == len(expired) + rested
        self.desk.resting = still
        for chat in expired:
            del self.desk.holds[chat]

    @precondition(lambda self: self.desk.appointments and self.desk.today == TODAY)
    @rule(does_lapse=st.booleans())
    def a_night_passes(self, does_lapse: bool) -> None:
        self.desk.now = NOW + timedelta(days=1)
        if not does_lapse:
            return
        over = [
            appointment
            for appointment in self.desk.appointments
            if appointment.is_live and self.desk.slots[appointment.slot].day < self.desk.today
        ]
        assert self.database.write(lapse, before=self.desk.today, now=self.desk.now) == len(over)
        for appointment in over:
            appointment.is_live = False


@pytest.fixture
def machine(database_url: str) -> Iterator[type[BookingMachine]]:
    """The machine over an empty database of this kind."""
    database = Database(database_url)
    yield type("Machine", (BookingMachine,), {"database": database})
    database.close()


def test_any_history_leaves_the_desk_as_the_model_says(machine: type[BookingMachine], database_url: str) -> None:
    examples = 60 if database_url.startswith("sqlite") else 15
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
