"""A desk at which an appointment can be booked, for the tests of booking."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import Booked, book
from desk.appointments.models import Appointment
from desk.capacity.models import Slot
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.places.models import Claim
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from tests.makers import (
    NOW,
    TODAY,
    appointment_code,
    at,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)

WEEK = TODAY + timedelta(days=7)


class Scene:
    """One chat with one person, and a service with times to book."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.service: Service = make_service(session)
        self.queue = make_queue(session, services=[self.service])
        self.chat: Conversation = make_conversation(session)
        self.person: Person = make_person(session, conversation=self.chat)
        self.keys = 0

    def slot(self, starts_at: datetime | None = None, **over: Any) -> Slot:
        return make_slot(self.session, queue=self.queue, starts_at=starts_at or at(WEEK, hour=9), **over)

    def book(self, slot: Slot, **over: Any) -> Booked:
        self.keys += 1
        usual: dict[str, Any] = {
            "idem_key": f"key:{self.keys}",
            "actor": Actor.chat(self.chat.id),
            "slot_id": slot.id,
            "service_id": self.service.id,
            "person_id": self.person.id,
            "person_name": "گل‌آقا رحیمی",
            "document_kind": DocumentKind.AMAYESH,
            "code": appointment_code(),
            "now": NOW,
        }
        return book(self.session, **(usual | over))

    def left(self, slot: Slot) -> int:
        self.session.refresh(slot)
        return slot.remaining

    def messages(self, *, open_only: bool = True) -> list[tuple[str, datetime]]:
        query = select(OutboxMessage).order_by(OutboxMessage.due_at, OutboxMessage.id)
        found = self.session.scalars(query.execution_options(populate_existing=True))
        return [(each.idem_key, each.due_at) for each in found if each.is_open or not open_only]

    def trace(self) -> tuple[Any, ...]:
        """Everything that a refusal may not change."""
        rows = [
            self.session.execute(select(*columns).order_by(columns[0])).all()
            for columns in (
                (Slot.id, Slot.remaining, Slot.capacity),
                (Claim.conversation_id, Claim.slot_id, Claim.expires_at),
                (Appointment.id, Appointment.state, Appointment.slot_id, Appointment.moves),
                (Event.id, Event.kind),
                (OutboxMessage.id, OutboxMessage.state),
            )
        ]
        return tuple(rows)

    def refused(self, refusal: type[Refusal], action: Any, **kwargs: Any) -> Any:
        before = self.trace()
        with pytest.raises(refusal) as raised:
            action(self.session, **kwargs)
        assert self.trace() == before
        return raised.value
