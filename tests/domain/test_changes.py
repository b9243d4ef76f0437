"""What can still be changed of an appointment: its own time is no change, and after its hour nothing is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.acting import Actor
from desk.appointments.actions import book, move
from desk.appointments.refusals import AlreadyHasAppointment
from desk.events.models import Event
from desk.people.rules import DocumentKind
from desk.places.actions import hold
from desk.places.models import Claim
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.makers import (
    NOW,
    TODAY,
    appointment_code,
    at,
    make_appointment,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)


def test_to_its_own_time_an_appointment_is_not_moved_and_the_held_place_goes_back(session: WriteSession) -> None:
    service = make_service(session)
    chat = make_conversation(session)
    slot = make_slot(
        session,
        queue=make_queue(session, services=[service]),
        starts_at=at(TODAY + timedelta(days=7), hour=9),
        capacity=2,
    )
    appointment = make_appointment(
        session, slot=slot, service=service, person=make_person(session, conversation=chat), conversation=chat
    )
    hold(session, actor=Actor.chat(chat.id), slot_id=slot.id, now=NOW)
    session.refresh(slot)
    assert slot.remaining == 0
    events = select(func.count()).select_from(Event)
    before = session.scalar(events)
    again = move(
        session, idem_key="m1", appointment_id=appointment.id, actor=Actor.chat(chat.id), slot_id=slot.id, now=NOW
    )
    session.refresh(slot)
    assert (again.is_repeat, again.starts_at, slot.remaining) == (True, slot.starts_at, 1)
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    assert session.scalar(events) == before
    assert verify(session) == []


@pytest.mark.parametrize(("hour", "can_be_changed"), [(8, True), (9, False), (18, False)])
def test_a_second_appointment_is_refused_with_whether_the_first_can_be_changed(
    session: WriteSession, hour: int, can_be_changed: bool
) -> None:
    service, day = make_service(session), TODAY + timedelta(days=7)
    queue = make_queue(session, services=[service])
    chat = make_conversation(session)
    person = make_person(session, conversation=chat)
    first = make_appointment(
        session,
        slot=make_slot(session, queue=queue, starts_at=at(day, hour=9)),
        service=service,
        person=person,
        conversation=chat,
    )
    with pytest.raises(AlreadyHasAppointment) as refused:
        book(
            session,
            idem_key="second",
            actor=Actor.chat(chat.id),
            slot_id=make_slot(session, queue=queue, starts_at=at(day + timedelta(days=1), hour=9)).id,
            service_id=service.id,
            person_id=person.id,
            person_name="گل‌آقا رحیمی",
            document_kind=DocumentKind.AMAYESH,
            code=appointment_code(),
            now=at(day, hour=hour),
        )
    assert refused.value.appointment_id == first.id
    assert refused.value.can_be_changed is can_be_changed
