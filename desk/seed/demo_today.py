"""The day of the demonstration's first office: who was served, who is called, and who waits.

As far as the hour of the first start goes: before opening nobody is there yet, and after closing everybody was served
but one, who was absent, and one whose outcome is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from desk.acting import Actor
from desk.calendar import instant_of
from desk.capacity.models import Queue, Slot
from desk.capacity.planning import materialise
from desk.identity import IN_USE
from desk.line import actions as line
from desk.marshals import shifts
from desk.offices.models import Office
from desk.people.rules import DocumentKind, IdentityDigest
from desk.seed import demo_records
from desk.seed.demo_life import NOBODYS_KEY, book_invented, queues_with_service, staff_of
from desk.seed.demo_texts import NAMES
from desk.storage.base import WriteSession
from desk.values import LocalDay
from desk.visits.actions import record_arrival, record_outcome
from desk.visits.rules import Outcome
from desk.walk_ins.refusals import NoNumberLeft
from desk.walk_ins.registering import give_number

FIRST_NUMBER = 510
"""The numbers of these invented people, behind those of the other appointments."""
BOOKED = 9
"""So many people with an appointment at most have come, or should have, until now."""
WAITING, CALLED, IN_SERVICE, HELD, UNRECORDED, ABSENT = (0, 1), 2, 3, 4, 5, 7
"""Who of them, counted from the last, stands where; everybody else was served."""
WALK_INS = (25, 8)
"""Minutes since people without an appointment came."""


class _Place(NamedTuple):
    office_id: int
    zone: str
    queue_id: int
    service_id: int


def today_at_first_office(session: WriteSession, *, today: date, now: datetime) -> int:
    """Let people come to the first queue today, until now; returns how many had an appointment."""
    clerk, marshal = (staff_of(session, name, now=now) for name in ("clerk1102", "marshal1102"))
    queues = queues_with_service(session)
    if clerk is None or marshal is None or not queues:
        return 0
    queue_id, service_id = queues[0]
    at = select(Office.id, Office.zone).join(Queue, Queue.office_id == Office.id).where(Queue.id == queue_id)
    office_id, zone = session.execute(at).one()
    place = _Place(office_id, zone, queue_id, service_id)
    midnight = instant_of(LocalDay(today), minutes=0, zone=zone)
    materialise(session, queue_id=queue_id, days=[today], now=midnight)
    of_day = select(Slot.id, Slot.starts_at).where(Slot.queue_id == queue_id, Slot.day == today, Slot.is_open)
    slots = [(row.id, row.starts_at) for row in session.execute(of_day.order_by(Slot.starts_at.desc()))]
    begun = [each for each in slots if each[1] <= now][:BOOKED]
    if not begun:
        return 0
    shifts.begin(session, office_id=office_id, actor=marshal, now=slots[-1][1])
    is_over = slots[0][1] <= now
    for number, (slot_id, starts_at) in reversed(list(enumerate(begun))):
        appointment = book_invented(
            session,
            number=FIRST_NUMBER + number,
            slot_id=slot_id,
            service_id=service_id,
            now=midnight - timedelta(hours=9, minutes=3 * number),
        )
        _come(session, appointment, number=number, starts_at=starts_at, is_over=is_over, clerk=clerk, now=now)
    if not is_over:
        _walk_ins(session, place, clerk=clerk, now=now)
    return len(begun)


def _come(
    session: WriteSession,
    appointment: int,
    *,
    number: int,
    starts_at: datetime,
    is_over: bool,
    clerk: Actor,
    now: datetime,
) -> None:
    """Bring one of those with an appointment to where they stand."""
    if number == UNRECORDED:
        return
    if number == ABSENT:
        after = starts_at + timedelta(minutes=20)
        record_outcome(session, appointment_id=appointment, outcome=Outcome.ABSENT, actor=clerk, now=after)
        return
    record_arrival(session, appointment_id=appointment, actor=clerk, now=starts_at - timedelta(minutes=6))
    if number in WAITING and not is_over:
        return
    counter = number % 3 + 1
    called = min(starts_at + timedelta(minutes=3), now)
    if number == CALLED and not is_over:
        called = now - timedelta(minutes=1)
    line.call_this(session, appointment_id=appointment, counter=counter, actor=clerk, now=called)
    if number == CALLED and not is_over:
        return
    began = called + timedelta(minutes=1)
    line.begin(session, appointment_id=appointment, actor=clerk, now=min(began, now))
    if number == IN_SERVICE and not is_over:
        return
    if number == HELD and not is_over:
        line.hold(session, appointment_id=appointment, actor=clerk, now=began + timedelta(minutes=6))
        return
    done = min(began + timedelta(minutes=9), now)
    demo_records.close(session, appointment_id=appointment, number=number - HELD - 1, actor=clerk, now=done)


def _walk_ins(session: WriteSession, place: _Place, *, clerk: Actor, now: datetime) -> None:
    """Register people without an appointment, as long as numbers of today are left."""
    names: Sequence[str] = (NAMES[-1], NAMES[2])
    for number, minutes in enumerate(WALK_INS):
        hashed = hashlib.sha256(b"demo walk-in %d" % number).hexdigest()[:52]
        try:
            give_number(
                session,
                idem_key=f"demo:walk-in:{number}",
                office_id=place.office_id,
                service_id=place.service_id,
                name=names[number],
                document_kind=DocumentKind.AMAYESH,
                identity=IdentityDigest(f"{IN_USE.now.name}.{NOBODYS_KEY}.{hashed}", f"{7301 + 468 * number}"),
                actor=clerk,
                now=now - timedelta(minutes=minutes),
            )
        except NoNumberLeft:
            return
