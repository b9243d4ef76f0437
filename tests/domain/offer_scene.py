"""Places that become free, people who wait for them, and the jobs that offer them, step by step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import cancel_by_office
from desk.appointments.models import Appointment
from desk.capacity.models import Slot
from desk.conversations.models import Conversation
from desk.outbox.actions import mark_sent
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.waiting import actions
from desk.waiting.looking import offer_places
from desk.waiting.models import Offer, StandingRequest
from desk.waiting.rows import Accepted
from desk.waiting.rules import OfferState
from desk.waiting.watching import watch_offers
from tests.makers import (
    NOW,
    TODAY,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
)
from tests.makers_waiting import make_request, wish_for

TOMORROW = TODAY + timedelta(days=1)


@dataclass
class Waiter:
    """A chat that waits, its person, and its request."""

    chat: Conversation
    person: Person
    request: int

    @property
    def actor(self) -> Actor:
        return Actor.chat(self.chat.id)


@dataclass
class Desk:
    """One queue of one office with a full slot of two places tomorrow at nine, by its two appointments."""

    session: WriteSession
    now: datetime = NOW
    booked: list[Appointment] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service = make_service(self.session)
        self.office = make_office(self.session)
        self.queue = make_queue(self.session, office=self.office, services=[self.service])
        self.slot = self.full(TOMORROW, hour=9)

    def full(self, day: date, *, hour: int, minute: int = 0, places: int = 2) -> Slot:
        """A slot that is fully booked."""
        starts_at = at(day, hour=hour, minute=minute)
        slot = make_slot(self.session, queue=self.queue, starts_at=starts_at, capacity=places)
        self.booked += [make_appointment(self.session, slot=slot, service=self.service) for _ in range(places)]
        return slot

    def wait(self, *, days: float = 0, people: int = 1, **wishes: Any) -> Waiter:
        """Somebody who waits since so many days."""
        chat = make_conversation(self.session)
        family = tuple(make_person(self.session, conversation=chat) for _ in range(people))
        request = make_request(
            self.session,
            service=self.service,
            wish=wish_for(self.office, **wishes),
            chat=chat,
            people=family,
            now=self.now - timedelta(days=days),
        )
        return Waiter(chat, family[0], request)

    def free(self, slot: Slot | None = None, *, places: int = 1) -> None:
        """The office cancels so many appointments of the slot: their places are free at once."""
        slot = slot or self.slot
        for _ in range(places):
            each = next(one for one in self.booked if one.slot_id == slot.id)
            self.booked.remove(each)
            cancel_by_office(self.session, appointment_id=each.id, actor=SYSTEM, reason="", now=self.now)

    def offer(self) -> int:
        return offer_places(self.session, now=self.now)

    def deliver(self, *waiters: Waiter) -> None:
        """The messages arrive, and the time to answer begins."""
        chats = [each.chat.id for each in waiters]
        waits = select(OutboxMessage.id).where(OutboxMessage.notice == "offer", OutboxMessage.is_open)
        if chats:
            waits = waits.where(OutboxMessage.conversation_id.in_(chats))
        for id in self.session.scalars(waits).all():
            mark_sent(self.session, id=id, message_id=str(id), now=self.now)
        self.watch()

    def watch(self) -> int:
        return watch_offers(self.session, now=self.now, limit=500)

    def later(self, **how: float) -> None:
        self.now += timedelta(**how)

    def offered(self, waiter: Waiter) -> list[Offer]:
        """All offers to this chat, oldest first."""
        found = select(Offer).where(Offer.request_id == waiter.request).order_by(Offer.id)
        return list(self.session.scalars(found.execution_options(populate_existing=True)))

    def states(self, waiter: Waiter) -> list[OfferState]:
        return [each.state for each in self.offered(waiter)]

    def accept(self, waiter: Waiter, *, key: str = "accept", offer_id: int | None = None) -> Accepted:
        offer_id = offer_id or self.offered(waiter)[-1].id
        return actions.accept(
            self.session, idem_key=f"{key}:{waiter.request}", offer_id=offer_id, actor=waiter.actor, now=self.now
        )

    def decline(self, waiter: Waiter) -> None:
        actions.decline(self.session, offer_id=self.offered(waiter)[-1].id, actor=waiter.actor, now=self.now)

    def remaining(self, slot: Slot | None = None) -> int:
        """What everybody sees free."""
        found = select(Slot.remaining).where(Slot.id == (slot or self.slot).id, Slot.is_open)
        return self.session.scalar(found) or 0

    def claims(self, kind: ClaimKind) -> int:
        return self.session.scalar(select(func.count()).where(Claim.kind == kind)) or 0

    def request(self, waiter: Waiter) -> StandingRequest:
        return self.session.get_one(StandingRequest, waiter.request, populate_existing=True)

    def told(self, waiter: Waiter) -> list[str]:
        """The notices to this chat, but tickets and reminders."""
        found = select(OutboxMessage.notice).where(
            OutboxMessage.conversation_id == waiter.chat.id, OutboxMessage.notice.not_in(["ticket", "reminder"])
        )
        return list(self.session.scalars(found.order_by(OutboxMessage.id)))
