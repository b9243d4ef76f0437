"""Makers of absences to which somebody objected, and of past appointments that nobody recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from desk.absences.models import Absence
from desk.absences.objecting import say_there
from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.storage.base import WriteSession
from desk.visits.actions import record_outcome
from desk.visits.rules import Outcome
from tests import makers
from tests.makers import NOW, TODAY, acting, at
from tests.makers_marshals import put_alarm

PAST = TODAY - timedelta(days=3)
"""The day of these appointments."""


def put_unrecorded(session: WriteSession, *, queue: Queue, service: Service, hour: int = 11) -> int:
    """An appointment of a past day without an outcome; returns its id."""
    appointment = _past(session, queue=queue, service=service, hour=hour)
    appointment.is_live = False
    session.flush()
    return appointment.id


def put_objection(session: WriteSession, *, queue: Queue, service: Service, clerk: int, hour: int = 9) -> int:
    """An absence that this clerk recorded and to which the person objected; returns its id."""
    appointment = _past(session, queue=queue, service=service, hour=hour)
    record_outcome(session, appointment_id=appointment.id, outcome=Outcome.ABSENT, actor=acting(clerk), now=NOW)
    say_there(session, appointment_id=appointment.id, actor=Actor.chat(appointment.conversation_id), now=NOW)
    return session.scalars(select(Absence.id).where(Absence.appointment_id == appointment.id)).one()


class Past(NamedTuple):
    """The ids of what waits at an office from days before."""

    absence: int
    unrecorded: int
    alarm: int


def put_past(session: WriteSession, *, queue: Queue, service: Service, clerk: int) -> Past:
    """An objection to an absence, an appointment without an outcome, and a crowd that was told of."""
    return Past(
        put_objection(session, queue=queue, service=service, clerk=clerk),
        put_unrecorded(session, queue=queue, service=service),
        put_alarm(session, office_id=queue.office_id, clerk=clerk),
    )


def says_of_absence(action: Callable[..., object]) -> Callable[..., object]:
    """For the table of what chats may do: the chat of `it` was called absent, and this is said to it."""

    def act(session: WriteSession, it: Any, **who: Any) -> object:
        service = makers.make_service(session)
        queue = makers.make_queue(session, services=[service])
        slot = makers.make_slot(session, queue=queue, starts_at=NOW - timedelta(hours=2))
        chat = session.get_one(Conversation, it.chat)
        absent = makers.make_appointment(session, slot=slot, service=service, conversation=chat)
        record_outcome(session, appointment_id=absent.id, outcome=Outcome.ABSENT, actor=acting(1), now=NOW)
        return action(session, appointment_id=absent.id, **who)

    return act


def _past(session: WriteSession, *, queue: Queue, service: Service, hour: int) -> Appointment:
    return makers.make_appointment(
        session,
        slot=makers.make_slot(session, queue=queue, starts_at=at(PAST, hour=hour)),
        service=service,
        conversation=makers.make_conversation(session),
        person_name="نورالله حسینی",
    )
