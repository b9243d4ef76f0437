"""Two hundred act in one moment on the places of one day, in each way there is to take one or to give one back."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import Booked, Member, Moved, book, book_together, cancel, cancel_by_office, move
from desk.appointments.models import Appointment
from desk.appointments.refusals import SlotTaken
from desk.appointments.rules import HOLDS_A_PLACE, AppointmentState
from desk.capacity.models import Slot
from desk.outbox.actions import mark_sent
from desk.outbox.models import OutboxMessage
from desk.people.rules import DocumentKind
from desk.places.actions import hold, release_expired
from desk.places.counting import give_back
from desk.places.models import Claim
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.waiting.actions import accept, ask, decline, end
from desk.waiting.looking import offer_places
from desk.waiting.models import Offer, StandingRequest
from desk.waiting.rows import Accepted, StandingWish
from desk.waiting.rules import RequestState
from desk.waiting.watching import watch_offers
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
from tests.makers_waiting import make_request, wish_for
from tests.storage.test_rivals import Act, all_at_once, looks_free, writes

TOMORROW = TODAY + timedelta(days=1)
HOURS = range(9, 15)
PLACES = 20
LATER = NOW + timedelta(hours=6)
"""When every hold, rest and offer of the moment is over; the day itself is still to come."""


@dataclass
class Day:
    """Six slots of twenty places: sixty are booked, twenty are on offer, and forty are free for those who act."""

    session: WriteSession
    slots: list[int] = field(default_factory=list)
    booked: dict[str, list[tuple[int, Actor, int]]] = field(default_factory=dict)
    """By what becomes of them: the appointment, its chat, and the number of its slot among the six."""
    newcomers: dict[str, list[tuple[Actor, list[int]]]] = field(default_factory=dict)
    """By what they do: the chat and its people."""
    offers: list[tuple[int, Actor]] = field(default_factory=list)
    service: int = 0
    wish: StandingWish | None = None

    def fill(self) -> Day:
        service, office = make_service(self.session), make_office(self.session)
        queue = make_queue(self.session, office=office, services=[service])
        slots = [make_slot(self.session, queue=queue, starts_at=at(TOMORROW, hour=h), capacity=PLACES) for h in HOURS]
        self.service, self.wish, self.slots = service.id, wish_for(office), [each.id for each in slots]
        for fate, number in {"cancels": 30, "moves": 20, "is cancelled": 10, "was cancelled": 20}.items():
            self.booked[fate] = []
            for n in range(number):
                chat = make_conversation(self.session)
                made = make_appointment(self.session, slot=slots[n % 6], service=service, conversation=chat)
                self.booked[fate].append((made.id, Actor.chat(chat.id), n % 6))
        for deed, number, people in (("books", 50, 1), ("books for two", 20, 2), ("holds", 30, 1), ("asks", 10, 1)):
            self.newcomers[deed] = [self._chat(people) for _ in range(number)]
        for _ in range(20):
            make_request(self.session, service=service, wish=self.wish)
        for appointment_id, _chat, _slot in self.booked["was cancelled"]:
            cancel_by_office(self.session, appointment_id=appointment_id, actor=SYSTEM, reason="", now=NOW)
        self._offer_what_is_free()
        return self

    def _chat(self, people: int) -> tuple[Actor, list[int]]:
        chat = make_conversation(self.session)
        return Actor.chat(chat.id), [make_person(self.session, conversation=chat).id for _ in range(people)]

    def _offer_what_is_free(self) -> None:
        """Offer the places, and let the messages arrive, so that they can be answered."""
        offer_places(self.session, now=NOW)
        waits = select(OutboxMessage.id).where(OutboxMessage.notice == "offer", OutboxMessage.is_open)
        for id in self.session.scalars(waits).all():
            mark_sent(self.session, id=id, message_id=str(id), now=NOW)
        watch_offers(self.session, now=NOW, limit=500)
        offered = select(Offer.id, StandingRequest.conversation_id).join(
            StandingRequest, StandingRequest.id == Offer.request_id
        )
        found = self.session.execute(offered.where(Offer.is_live)).all()
        self.offers = [(id, Actor.chat(chat)) for id, chat in found if chat is not None]


def acts_on(storage: Storage, day: Day, *, cancels: Callable[..., object] = cancel) -> list[Act]:
    """What two hundred do in one moment: applicants, the office, and the jobs of several workers."""

    def each(action: Callable[..., object], given: list[dict[str, Any]]) -> list[Act]:
        return [writes(storage, action, **one, now=NOW) for one in given]

    paper, service = DocumentKind.AMAYESH, {"service_id": day.service}
    applicants = [
        *each(
            book,
            [
                service | _one(day, n, people[0]) | {"idem_key": f"book:{n}", "actor": chat, "code": appointment_code()}
                for n, (chat, people) in enumerate(day.newcomers["books"])
            ],
        ),
        *each(
            book_together,
            [
                service
                | {
                    "idem_key": f"two:{n}",
                    "actor": chat,
                    "members": [Member(day.slots[n % 6], person, "ر", paper) for person in people],
                }
                for n, (chat, people) in enumerate(day.newcomers["books for two"])
            ],
        ),
        *each(
            hold, [{"actor": chat, "slot_id": day.slots[n % 6]} for n, (chat, _) in enumerate(day.newcomers["holds"])]
        ),
        *each(
            ask,
            [
                service | {"idem_key": f"ask:{n}", "actor": chat, "person_ids": people, "wish": day.wish}
                for n, (chat, people) in enumerate(day.newcomers["asks"])
            ],
        ),
        *each(cancels, [{"appointment_id": id, "actor": chat} for id, chat, _ in day.booked["cancels"]]),
        *each(
            move,
            [
                {"idem_key": f"move:{id}", "appointment_id": id, "actor": chat, "slot_id": day.slots[(slot + 1) % 6]}
                for id, chat, slot in day.booked["moves"]
            ],
        ),
        *each(decline, [{"offer_id": id, "actor": chat} for id, chat in day.offers[:6]]),
        *each(accept, [{"idem_key": f"accept:{id}", "offer_id": id, "actor": chat} for id, chat in day.offers[6:]]),
    ]
    office = each(
        cancel_by_office,
        [{"appointment_id": id, "actor": SYSTEM, "reason": ""} for id, _, _ in day.booked["is cancelled"]],
    )
    workers = [
        *each(offer_places, [{}] * 4),
        *each(watch_offers, [{"limit": 500}] * 3),
        *each(release_expired, [{}] * 3),
    ]
    acts = [*applicants, *office, *workers]
    acts = in_line(acts)
    random.Random(7).shuffle(acts)  # noqa: S311 - an order of a test, no secret
    return acts


def in_line(acts: list[Act]) -> list[Act]:
    """The same, but no more at once at the ten connections than come to one in time on a busy machine.

    The pool lets nobody wait for more than thirty seconds. All have looked before the first one acts.
    """
    place = asyncio.Semaphore(30)

    def one(act: Act) -> Act:
        async def run() -> Any:
            async with place:
                return await act()

        return run

    return [one(act) for act in acts]


def _one(day: Day, n: int, person_id: int) -> dict[str, Any]:
    """What a booking for one person names: a place of one of the six slots, in turn."""
    return {
        "slot_id": day.slots[n % 6],
        "person_id": person_id,
        "person_name": "ر",
        "document_kind": DocumentKind.AMAYESH,
    }


def counted(session: Session, *, slots: list[int]) -> list[tuple[int, int, int]]:
    """Of each slot: its free places, its appointments and its claims."""
    found = []
    for slot_id in slots:
        booked = select(func.count()).select_from(Appointment).where(Appointment.slot_id == slot_id)
        claims = select(func.count()).select_from(Claim).where(Claim.slot_id == slot_id)
        found.append(
            (
                session.scalars(select(Slot.remaining).where(Slot.id == slot_id)).one(),
                session.scalars(booked.where(Appointment.state.in_(HOLDS_A_PLACE))).one(),
                session.scalars(claims).one(),
            )
        )
    return found


def nobody_waits(session: WriteSession) -> None:
    """Everybody who waits takes the request back."""
    waiting = select(StandingRequest.id, StandingRequest.conversation_id)
    for id, chat in session.execute(waiting.where(StandingRequest.state == RequestState.WAITING)).all():
        end(session, request_id=id, actor=Actor.chat(chat), now=LATER)


async def test_of_two_hundred_nobody_gets_a_place_twice_and_no_place_is_lost(storage: Storage) -> None:
    day = await storage.write(lambda session: Day(session).fill())
    assert len(day.offers) == 20
    acts = acts_on(storage, day)
    assert len(acts) == 200
    answers = await all_at_once(storage, look=looks_free, looks={"slot_id": day.slots[-1]}, acts=acts)

    done = Counter(type(answer).__name__ for answer in answers)
    assert done[Accepted.__name__] == 14, "what is on offer is kept for who is asked"
    assert min(done[name] for name in (Booked.__name__, Moved.__name__, SlotTaken.__name__)) > 0, done
    assert [sum(of_slot) for of_slot in await storage.read(counted, slots=day.slots)] == [PLACES] * 6
    assert await storage.read(verify) == []

    await storage.write(nobody_waits)
    for hours in range(6):
        await storage.write(offer_places, now=LATER + timedelta(hours=hours))
        await storage.write(watch_offers, now=LATER + timedelta(hours=hours), limit=500)
        await storage.write(release_expired, now=LATER + timedelta(hours=hours))
    after = await storage.read(counted, slots=day.slots)
    assert [free + booked for free, booked, _ in after] == [PLACES] * 6, "every place that nobody has is free again"
    assert await storage.read(verify) == []


def cancel_without_the_guard(session: WriteSession, *, appointment_id: int, actor: Actor, now: object) -> None:
    """The same giving back, but of the place as it was seen, twice: once for each press."""
    appointment = session.get_one(Appointment, appointment_id)
    session.execute(
        update(Appointment)
        .where(Appointment.id == appointment_id)
        .values(state=AppointmentState.CANCELLED_BY_PERSON, is_live=False)
    )
    for _ in range(2):
        give_back(session, slot_id=appointment.slot_id)


async def test_the_twin_that_gives_back_at_each_press_sells_places_that_do_not_exist(storage: Storage) -> None:
    day = await storage.write(lambda session: Day(session).fill())
    acts = acts_on(storage, day, cancels=cancel_without_the_guard)
    await all_at_once(storage, look=looks_free, looks={"slot_id": day.slots[-1]}, acts=acts)

    assert any(sum(of_slot) > PLACES for of_slot in await storage.read(counted, slots=day.slots))
    assert "slot_count" in {broken.rule for broken in await storage.read(verify)}
