"""An office with people whom a change hits, and the two steps of a change as the page takes them; for tests of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.capacity.actions import (
    roll_window,
    set_exception,
)
from desk.capacity.models import ExceptionKind, Slot
from desk.catalogue.models import Service
from desk.consequences.actions import (
    Carried,
    IntendedChange,
    StaffDecision,
    carry_out,
)
from desk.consequences.hit import Reach, sign_of
from desk.consequences.models import ChangedAppointment
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind, Progress, Remedy
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from tests.makers import (
    NOW,
    TODAY,
    acting,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_queue,
    make_service,
)
from tests.makers_hours import make_rule, save_rule

SUNDAY = TODAY + timedelta(days=8)
STAFF: dict[str, Any] = {"actor": acting(5), "now": NOW}
WHY = "برق همهٔ خیابان قطع است."


class Town:
    """An office that is open on Saturdays and Sundays 8:00-14:00 at two counters, and people with appointments."""

    def __init__(self, session: WriteSession, *, service: Service | None = None, province_code: str = "IR-30") -> None:
        self.session = session
        self.service = service or make_service(session)
        self.office = make_office(session, province_code=province_code)
        self.queue = make_queue(session, office=self.office, services=[self.service])
        self.rules = [make_rule(session, queue=self.queue, weekday=weekday) for weekday in (0, 1)]
        self.fill()

    def fill(self) -> None:
        roll_window(self.session, queue_id=self.queue.id, today=TODAY, now=NOW)

    def people(self, number: int, *, day: date = SUNDAY, first: int = 8 * 60, has_chat: bool = True) -> list[int]:
        """Appointments two at a time, a quarter of an hour after one another."""
        made = []
        for place in range(number):
            minutes = first + 15 * (place // 2)
            starts_at = at(day, hour=minutes // 60, minute=minutes % 60)
            slot = self.session.scalars(
                select(Slot)
                .where(Slot.queue_id == self.queue.id, Slot.starts_at == starts_at)
                .execution_options(populate_existing=True)
            ).one()
            chat = make_conversation(self.session) if has_chat else None
            made.append(make_appointment(self.session, slot=slot, service=self.service, conversation=chat).id)
        return made

    def intended(self, kind: ChangeKind, act: Callable[[WriteSession], Any], **reach: Any) -> IntendedChange[Any]:
        reach = reach or {"queue_id": self.queue.id}
        return IntendedChange(kind=kind, subject=f"queue:{self.queue.id}", reach=Reach(**reach), act=act)

    def close(self, day: date = SUNDAY) -> IntendedChange[Any]:
        def act(session: WriteSession) -> None:
            set_exception(session, queue_id=self.queue.id, day=day, kind=ExceptionKind.CLOSED, **STAFF)

        return self.intended(ChangeKind.DAY, act, queue_id=self.queue.id, day=day)

    def with_rule(self, **changes: Any) -> Callable[[WriteSession], int]:
        """The change of saving Sunday's rule with these changes."""

        def act(session: WriteSession) -> int:
            values: dict[str, Any] = {"weekday": 1, "opens": 8 * 60, "closes": 14 * 60, "minutes_per_person": 15}
            values |= {"counters": 2, "valid_from": date(2026, 3, 21)} | changes
            saved = save_rule(session, rule_id=self.rules[1].id, queue_id=self.queue.id, **values, **STAFF)
            self.fill()
            return saved

        return act


def hit_by(session: WriteSession, intended: IntendedChange[Any]) -> list[int]:
    """Ids of the appointments that a change would hit; it is undone again."""
    try:
        with session.begin_nested():
            carry_out(session, intended=intended, answer=None, **STAFF)
    except PeopleAreHit as seen:
        session.expire_all()
        return [appointment.id for appointment in seen.hit]
    return []


def made(
    session: WriteSession, intended: IntendedChange[Any], *, remedy: Remedy = Remedy.MOVE, key: str = "k", **more: Any
) -> Carried[Any]:
    """Look first, then decide the same for all, as the page does."""
    expected = "nobody"
    try:
        with session.begin_nested():
            carry_out(session, intended=intended, answer=None, **STAFF)
    except PeopleAreHit as seen:
        session.expire_all()
        expected = sign_of(seen.hit)
    answer = StaffDecision(key=key, expected=expected, remedy=remedy, reason=WHY, **more)
    return carry_out(session, intended=intended, answer=answer, **STAFF)


def appointment_of(session: WriteSession, id: int) -> Appointment:
    return session.get_one(Appointment, id, populate_existing=True)


def its_chat(session: WriteSession, id: int) -> Actor:
    """The person who booked it."""
    return Actor.chat(appointment_of(session, id).conversation_id)


def steps(session: WriteSession) -> dict[int, Progress]:
    rows = session.scalars(select(ChangedAppointment).execution_options(populate_existing=True))
    return {row.appointment_id: row.step for row in rows}


def open_reminders(session: WriteSession, id: int) -> list[str]:
    return list(
        session.scalars(
            select(OutboxMessage.idem_key).where(
                OutboxMessage.about == f"appointment:{id}", OutboxMessage.notice == "reminder", OutboxMessage.is_open
            )
        )
    )
