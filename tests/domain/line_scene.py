"""An office on one day: people with an appointment, people without one, and staff who call them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from desk.appointments.models import Appointment
from desk.capacity.models import Slot
from desk.capacity.shares import Share
from desk.line import actions
from desk.line.entries import entry_of
from desk.line.queries import board, places
from desk.line.rows import Board, Entry
from desk.line.rules import Press
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.visits.actions import record_arrival
from tests.makers import TODAY, acting, at, make_appointment, make_office, make_queue, make_service, make_slot

CLERK = acting(8)
EIGHT = at(hour=8)

_appointments, _slots = table_of(Appointment), table_of(Slot)


def after(minutes: float) -> datetime:
    """So many minutes after eight o'clock."""
    return EIGHT + timedelta(minutes=minutes)


class OneDay:
    """A line at one office; times are minutes after eight o'clock."""

    def __init__(self, session: WriteSession, *, places: int = 9) -> None:
        self.session, self._places = session, places
        self.service = make_service(session)
        self.office: Office = make_office(session)
        self.queue = make_queue(session, office=self.office, services=[self.service])
        self._slots: dict[float, Any] = {}

    @property
    def id(self) -> int:
        return self.office.id

    def booked(self, minutes: float) -> int:
        """Somebody with an appointment at this time."""
        if minutes not in self._slots:
            self._slots[minutes] = make_slot(
                self.session, queue=self.queue, starts_at=after(minutes), capacity=self._places, minutes=15
            )
        return make_appointment(self.session, slot=self._slots[minutes], service=self.service).id

    def without(self) -> int:
        """Somebody whose appointment is of the share for people who come without one."""
        id = self.booked(420)
        set_share = update(_appointments).where(_appointments.c.id == id).values(share=Share.WALK_IN)
        self.session.execute(set_share)
        its_slot = _slots.c.id == self._slots[420].id
        self.session.execute(update(_slots).where(its_slot).values(walk_in=_slots.c.walk_in + 1))
        self.session.expire_all()
        return id

    def came(self, minutes: float, *, booked: float | None = None) -> int:
        """Somebody who came at this time, for an appointment at `booked`, or without one."""
        if booked is None:
            id = self.without()
            actions.enter_walk_in(self.session, appointment_id=id, actor=CLERK, now=after(minutes))
            return id
        id = self.booked(booked)
        record_arrival(self.session, appointment_id=id, actor=CLERK, now=after(minutes))
        return id

    def next(self, minutes: float, *, counter: int = 1, press: Press | None = None) -> int | None:
        """Whom «call next» calls at this time."""
        done = actions.call_next(
            self.session, office_id=self.id, counter=counter, press=press, actor=CLERK, now=after(minutes)
        )
        return None if done is None else done.appointment_id

    def do(self, action: Any, id: int, minutes: float, **said: Any) -> Any:
        """A step with somebody at this time."""
        return action(self.session, appointment_id=id, actor=CLERK, now=after(minutes), **said)

    def entry(self, id: int) -> Entry:
        found = entry_of(self.session, appointment_id=id)
        assert found is not None
        return found

    def order(self, minutes: float) -> list[int]:
        """Who waits, in the order in which they are called."""
        return [each.appointment_id for each in places(self.session, office_id=self.id, day=TODAY, now=after(minutes))]

    def board(self, minutes: float) -> Board:
        return board(self.session, office_id=self.id, day=TODAY, now=after(minutes))


def press(minutes: float, *, key: str = "k1", staff_id: int = 8) -> Press:
    """A press of a button at this time."""
    return Press(key=key, staff_id=staff_id, pressed_at=after(minutes))
