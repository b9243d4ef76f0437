"""A person with an old card and a new one, and a clerk who has both originals in hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.linked_papers import actions
from desk.linked_papers.actions import Linked
from desk.linked_papers.choosing import keep
from desk.linked_papers.models import AppointmentChoice
from desk.linked_papers.rules import LinkReason
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import NOW, acting, at, make_person, make_staff
from tests.weak_hashes import digest

KEY = b"a key for tests of numbers, of 32"
OLD = digest("987654321", kind=DocumentKind.AMAYESH, key=KEY)
NEW = digest("987650000", kind=DocumentKind.AMAYESH, key=KEY)
THIRD = digest("P0123456", kind=DocumentKind.PASSPORT, key=KEY)


class TwoPapers(Scene):
    """The chat knows both papers; they are two persons until somebody links them."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        self.old = make_person(session, conversation=self.chat, identity_hash=OLD.hash, last4="4321")
        self.new = make_person(session, conversation=self.chat, identity_hash=NEW.hash, last4="0000")
        self.clerk = acting(make_staff(session).id)
        self.early, self.late = self.slot(), self.slot(at(WEEK + timedelta(days=1), hour=11))
        self.free = self.slot(at(WEEK + timedelta(days=2), hour=9))

    def takes(
        self, person: Person, slot: object = None, *, chat: int | None = None, now: datetime = NOW
    ) -> Appointment:
        actor = Actor.chat(chat if chat is not None else self.chat.id)
        booked = self.book(slot or self.early, person_id=person.id, actor=actor, now=now)  # type: ignore[arg-type]
        return self.of(booked.appointment_id)

    def both(self) -> tuple[Appointment, Appointment]:
        """The earlier on the new card, booked after the later on the old one."""
        later = self.takes(self.old, self.late)
        return self.takes(self.new, self.early), later

    def of(self, appointment_id: int) -> Appointment:
        return self.session.get_one(Appointment, appointment_id, populate_existing=True)

    def link(self, *, now: datetime = NOW) -> Linked:
        done = actions.link(
            self.session,
            office_id=self.queue.office_id,
            one=OLD,
            other=NEW,
            reason=LinkReason.RENEWED,
            actor=self.clerk,
            now=now,
        )
        self.session.expire_all()
        return done

    def unlink(self, *, now: datetime = NOW) -> None:
        actions.unlink(
            self.session,
            office_id=self.queue.office_id,
            one=OLD,
            other=NEW,
            reason=LinkReason.TWO_PEOPLE,
            actor=self.clerk,
            now=now,
        )
        self.session.expire_all()

    def choice(self) -> AppointmentChoice:
        asked = select(AppointmentChoice).order_by(AppointmentChoice.id.desc()).limit(1)
        return self.session.scalars(asked.execution_options(populate_existing=True)).one()

    def keep(self, appointment: Appointment, *, chat: int | None = None, now: datetime = NOW) -> None:
        actor = Actor.chat(chat if chat is not None else self.chat.id)
        keep(self.session, choice_id=self.choice().id, appointment_id=appointment.id, actor=actor, now=now)
        self.session.expire_all()

    def told(self, notice: str) -> Sequence[int | None]:
        """The chats to which this is told or will be."""
        asked = select(OutboxMessage).where(OutboxMessage.notice == notice).order_by(OutboxMessage.id)
        found = self.session.scalars(asked.execution_options(populate_existing=True))
        return [each.conversation_id for each in found if each.is_open]


def keeps_one_of_two(session: WriteSession, it: Any, **who: Any) -> object:
    """For the table of what chats may do: the chat of `it` has two turns of one person."""
    two = TwoPapers(session)
    earlier, later = two.both()
    two.link()
    for each in (earlier.id, later.id):
        two.of(each).conversation_id = it.chat
    session.flush()
    return keep(session, choice_id=two.choice().id, appointment_id=earlier.id, **who)
