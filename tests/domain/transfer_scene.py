"""An old chat with turns, people, complaints and a word, and a new one to which they may go over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.cases.models import Case
from desk.codes import TrackingCode
from desk.conversations.chat import Chat
from desk.conversations.models import Conversation
from desk.conversations.queries import by_id
from desk.identity import NONE_MADE, DigestNeeded
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.people.models import KnownPerson, Person
from desk.people.refusals import TooManyDigests
from desk.people.rules import DocumentKind
from desk.people.stored import stored_names
from desk.storage.base import WriteSession
from desk.storage.encryption import random_id
from desk.transfers import actions, proving, words
from desk.transfers.rows import Proof
from desk.transfers.rules import marked_word
from desk.verify import verify
from tests import weak_hashes
from tests.makers import (
    NOW,
    TODAY,
    appointment_code,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
)

KEY = weak_hashes.keys(b"a key for tests of transfers, 32b")
NUMBER, WORD = "48217305", "کبوتر سفید"
LATER = NOW + timedelta(hours=26)
"""After the time to object of a transfer that is made at NOW."""


@dataclass
class Scene:
    """An old chat with turns, people, complaints and a word; and a new one, in which nothing is."""

    session: WriteSession

    def __post_init__(self) -> None:
        session = self.session
        self.old, self.new = make_conversation(session), make_conversation(session, channel="bale")
        mark = weak_hashes.digest(NUMBER, kind=DocumentKind.AMAYESH, key=KEY)
        self.identity = mark
        self.person = make_person(session, conversation=self.old, identity_hash=mark.hash, last4=mark.last4)
        self.office = make_office(session)
        self.service = make_service(session)
        self.queue = make_queue(session, office=self.office, services=[self.service])
        self.code = appointment_code()
        self.turn = self.appointment(person=self.person, code=self.code)
        self.choose(self.old, WORD)

    def appointment(self, *, day: int = 7, chat: Conversation | None = None, **over: Any) -> Appointment:
        taken = self.session.scalar(select(func.count()).select_from(Appointment)) or 0
        slot = make_slot(
            self.session, queue=self.queue, starts_at=at(TODAY + timedelta(days=day), hour=8, minute=5 * taken)
        )
        return make_appointment(self.session, slot=slot, service=self.service, conversation=chat or self.old, **over)

    def choose(self, chat: Conversation, word: str) -> None:
        made = weak_hashes.digests(marks := marked_word(str(chat.id), word, KEY)).of(marks)
        assert made is not None
        words.choose_word(self.session, actor=Actor.chat(chat.id), word_hash=made.hash)

    def prove(self, chat: Conversation | None = None, **over: Any) -> Proof | None:
        said: dict[str, Any] = {"code": self.code, "identity": self.identity.hash}
        return prove(self.session, chat or self.new, **said | over)

    def bring(self, chat: Conversation | None = None) -> int:
        proof = self.prove(chat)
        assert proof is not None
        return actions.bring(self.session, actor=Actor.chat((chat or self.new).id), proof=proof, now=NOW).id

    def has(self, chat: Conversation) -> set[int]:
        owned = select(Appointment.id).where(Appointment.conversation_id == chat.id)
        return set(self.session.scalars(owned))


def prove(
    session: WriteSession,
    chat: Conversation,
    *,
    code: TrackingCode,
    identity: str | None,
    word: str = WORD,
    now: Any = NOW,
) -> Proof | None:
    asked: dict[str, Any] = {"code": code, "identity_hash": identity, "word": word, "keys": KEY, "now": now}
    asked["actor"] = Actor.chat(chat.id)
    try:
        found = proving.prove(session, digests=NONE_MADE, **asked)
    except DigestNeeded as needed:
        found = proving.prove(session, digests=weak_hashes.digests(needed.marks), **asked)
    assert not isinstance(found, TooManyDigests)
    return found


def told(session: WriteSession, chat: Conversation) -> list[str]:
    """The kinds of messages that wait for this chat."""
    waiting = select(OutboxMessage.notice).where(
        OutboxMessage.conversation_id == chat.id, OutboxMessage.state == DeliveryState.OPEN
    )
    return sorted(session.scalars(waiting))


def whole(session: WriteSession) -> None:
    session.flush()
    session.expire_all()
    assert verify(session) == []


def cases_in(session: WriteSession, chat: Conversation) -> set[int]:
    return set(session.scalars(select(Case.id).where(Case.conversation_id == chat.id)))


def chat_row(session: WriteSession, chat: Conversation) -> Chat:
    row = by_id(session, conversation_id=chat.id)
    assert row is not None
    return Chat.of(session, row, now=NOW, identity_key=KEY)


def people_of(session: WriteSession, chat: Conversation) -> list[int]:
    return list(session.scalars(select(KnownPerson.person_id).where(KnownPerson.conversation_id == chat.id)))


def known_too(session: WriteSession, chat: Conversation, person: Person) -> KnownPerson:
    id = random_id()
    names = stored_names(session.keys, id=id, name="گل‌آقا", nickname="من")
    said: dict[str, Any] = {"document_kind": DocumentKind.PASSPORT, "created_at": NOW, "used_at": NOW}
    return KnownPerson(id=id, conversation_id=chat.id, person_id=person.id, **names, **said)
