"""A whole day at one office for the board: booked people of each quarter of an hour, and some of them came."""

from __future__ import annotations

from datetime import timedelta

from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.line import actions
from desk.storage.base import WriteSession
from desk.visits.actions import record_arrival, record_outcome
from desk.visits.rules import Outcome
from tests import makers
from tests.makers import NOW, acting

NAMES = ("نادره یعقوبی", "کریم صافی", "لیلا رسولی", "زمان نیازی", "گلالی وردک", "حبیب‌الله ستانکزی", "ماهرخ عزیزی")
CLERK = acting(8)
SERVED, AT_COUNTERS, WAITING = 20, 3, 9


def make_day(session: WriteSession, *, queue: int, service: int, people: int = 72) -> list[int]:
    """So many people between half past seven and the afternoon; at NOW (9:30) some are done, at counters, or wait."""
    made = []
    of, for_ = session.get_one(Queue, queue), session.get_one(Service, service)
    first = makers.at(hour=7, minute=32)
    for number in range(people):
        slot = makers.make_slot(session, queue=of, starts_at=first + timedelta(minutes=6 * number), minutes=5)
        appointment = makers.make_appointment(
            session,
            slot=slot,
            service=for_,
            person=makers.make_person(session, last4=f"{1000 + number}"),
            conversation=makers.make_conversation(session),
            person_name=NAMES[number % len(NAMES)],
        )
        made.append(appointment.id)
    for number, id in enumerate(made[: SERVED + AT_COUNTERS + WAITING]):
        came = min(first + timedelta(minutes=6 * number - 4), NOW - timedelta(minutes=2))
        record_arrival(session, appointment_id=id, actor=CLERK, now=came)
    for id in made[:SERVED]:
        record_outcome(session, appointment_id=id, outcome=Outcome.SERVED, actor=CLERK, now=NOW)
    for counter, id in enumerate(made[SERVED : SERVED + AT_COUNTERS], 1):
        actions.call_this(session, appointment_id=id, counter=counter, actor=CLERK, now=NOW - timedelta(minutes=9))
        if counter != AT_COUNTERS:
            actions.begin(session, appointment_id=id, actor=CLERK, now=NOW - timedelta(minutes=7))
    return made
