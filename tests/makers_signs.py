"""Chats that show signs: a broker with a partner, and a family of eight that shows hardly any."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from desk.appointments.models import Appointment
from desk.appointments.notices import withdraw
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue, Slot
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.people.models import KnownPerson, Person
from desk.people.rules import DocumentKind
from desk.people.stored import stored_names
from desk.signs.models import ChatWithSigns, Sign
from desk.signs.rules import SignKind
from desk.storage.base import WriteSession, keys_of
from desk.storage.encryption import random_id
from tests.makers import (
    NOW,
    TODAY,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_slot,
)

DAY = timedelta(days=1)
_times = count(1)
FIRST = ("گل‌آقا", "فاطمه", "نورالله", "شیرین", "حیدر", "زلیخا", "رحیم", "ماه‌گل")
LAST = ("رحیمی", "محمدی", "حسینی", "احمدزی", "نظری", "کریمی", "صافی", "یوسفزی")


def _some_time() -> datetime:
    return NOW + timedelta(days=3, minutes=next(_times))


def make_taken(
    session: WriteSession,
    *,
    chat: Conversation,
    queue: Queue,
    service: Service,
    person: Person,
    name: str,
    taken_at: datetime,
    slot: Slot | None = None,
    given_back_at: datetime | None = None,
) -> Appointment:
    """An appointment that the chat booked at that moment, perhaps given back later."""
    appointment = make_appointment(
        session,
        slot=slot or make_slot(session, queue=queue, starts_at=_some_time()),
        service=service,
        person=person,
        conversation=chat,
        person_name=name,
        state=AppointmentState.BOOKED if given_back_at is None else AppointmentState.CANCELLED_BY_PERSON,
    )
    appointment.created_at = taken_at
    appointment.changed_at = given_back_at or taken_at
    if given_back_at is not None:
        withdraw(session, appointment_id=appointment.id)
    session.flush()
    return appointment


def name_too(session: WriteSession, *, chat: Conversation, person: Person, name: str) -> None:
    """Another chat has this person in its list too."""
    id = random_id()
    row = KnownPerson(
        id=id,
        conversation_id=chat.id,
        person_id=person.id,
        **stored_names(keys_of(session), id=id, name=name, nickname=name),
        document_kind=DocumentKind.AMAYESH,
        created_at=NOW,
        used_at=NOW,
    )
    session.add(row)
    session.flush()


@dataclass
class Broker:
    """A chat in which appointments are collected: five people a day, at many offices, at nine in the morning."""

    session: WriteSession
    service: Service
    chat: Conversation = field(init=False)
    queues: list[Queue] = field(init=False)
    people: list[tuple[Person, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chat = make_conversation(self.session)
        self.queues = []

    def takes(self, *, offices: int = 6, people: int = 16, days: int = 8, province_code: str = "IR-30") -> Broker:
        """Turns for so many people, at so many offices, on so many days."""
        self.queues = [
            make_queue(
                self.session,
                office=make_office(self.session, province_code=province_code),
                services=[self.service],
            )
            for _ in range(offices)
        ]
        for number in range(people):
            name = f"{FIRST[number % 8]} {LAST[(number // 8 + number) % 8]}"
            person = make_person(self.session, conversation=self.chat, name=name)
            self.people.append((person, name))
            make_taken(
                self.session,
                chat=self.chat,
                queue=self.queues[number % offices],
                service=self.service,
                person=person,
                name=name,
                taken_at=NOW - (number % days + 1) * DAY + timedelta(seconds=20 * number),
            )
        return self

    def sells_on(self, *, times: int = 3) -> Broker:
        """Places given back and taken for somebody else a quarter of an hour later."""
        for number in range(times):
            slot = make_slot(self.session, queue=self.queues[0], starts_at=_some_time())
            for appointment, given_back in ((0, True), (1, False)):
                name = f"{FIRST[appointment]} خریدار{number}"
                begins = NOW - DAY + timedelta(hours=number, minutes=30 * appointment)
                make_taken(
                    self.session,
                    chat=self.chat,
                    queue=self.queues[0],
                    service=self.service,
                    person=make_person(self.session, conversation=self.chat, name=name),
                    name=name,
                    slot=slot,
                    taken_at=begins,
                    given_back_at=begins + timedelta(minutes=15) if given_back else None,
                )
        return self


def make_family(session: WriteSession, *, service: Service) -> Conversation:
    """A family of eight, whose father and mother have a phone each; once a sister goes in the place of another."""
    father, mother = make_conversation(session), make_conversation(session)
    queues = [make_queue(session, office=make_office(session), services=[service]) for _ in range(2)]
    swapped = make_slot(session, queue=queues[0], starts_at=_some_time())
    for number, first in enumerate(FIRST):
        name = f"{first} رحیمی"
        person = make_person(session, conversation=father, name=name)
        name_too(session, chat=mother, person=person, name=name)
        make_taken(
            session,
            chat=father,
            queue=queues[number % 2],
            service=service,
            person=person,
            name=name,
            slot=swapped if number < 2 else None,
            taken_at=NOW - 2 * DAY + timedelta(minutes=40 * number),
            given_back_at=NOW - 2 * DAY + timedelta(minutes=20) if number == 0 else None,
        )
    return father


def make_suspect(session: WriteSession, *, appointment_id: int, number: int) -> int:
    """Two signs of the chat that has this appointment, under this number."""
    conversation_id = session.get_one(Appointment, appointment_id).conversation_id
    assert conversation_id is not None
    session.add(ChatWithSigns(id=number, conversation_id=conversation_id))
    session.flush()
    for kind, times, strength in ((SignKind.OFFICES, 10, 3), (SignKind.PEOPLE, 9, 1)):
        sign = Sign(chat_id=number, kind=kind, times=times, strength=strength, since=TODAY, seen_at=NOW)
        session.add(sign)
    session.flush()
    return number


def make_suspect_at(session: WriteSession, *, queue: Queue, service: Service) -> int:
    """A chat with signs whose appointment is in this queue at noon; returns its number."""
    slot = make_slot(session, queue=queue, starts_at=at(hour=12))
    turn = make_appointment(session, slot=slot, service=service, conversation=make_conversation(session))
    return make_suspect(session, appointment_id=turn.id, number=100_000 + turn.id)
