"""A service that is drawn in one province: its queue, the draw of one day, two office-holders, and who waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from desk.acting import Actor
from desk.appointments.actions import book
from desk.capacity.models import Slot
from desk.conversations.models import Conversation
from desk.draws import actions, queries
from desk.draws.queries import draw_of
from desk.draws.rows import DrawPlan, DrawRow, DrawRules, WhereRow
from desk.draws.running import run_draws
from desk.draws.seeds import bytes_of_word, commitment
from desk.outbox.actions import mark_sent
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.waiting.actions import accept, decline
from desk.waiting.models import Offer, StandingRequest
from desk.waiting.rows import Accepted
from desk.waiting.watching import watch_offers
from tests.makers import (
    NOW,
    TODAY,
    acting,
    appointment_code,
    at,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
    make_staff,
)
from tests.makers_waiting import make_request, wish_for

PROVINCE = "IR-30"
DAY = TODAY + timedelta(days=10)
WORD = "seventeen blue herons"
FIGURE = "2,345,678.91"
RULES = DrawRules(publish_at=18 * 60, days_ahead=7, confirm_minutes=24 * 60, priority_share=20)
CLOSES = at(TODAY + timedelta(days=3), hour=12)
DRAWN = at(TODAY + timedelta(days=3), hour=18)


@dataclass
class Asker:
    """A chat that asked, its people, and its request."""

    chat: Conversation
    people: tuple[Person, ...]
    request: int
    public_id: str

    @property
    def actor(self) -> Actor:
        return Actor.chat(self.chat.id)


@dataclass
class Lottery:
    """One queue with three places on the day of the draw, at nine, a quarter past, and half past."""

    session: WriteSession
    places: tuple[int, ...] = (1, 1, 1)
    now: datetime = NOW
    askers: list[Asker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service = make_service(self.session)
        self.office = make_office(self.session, province_code=PROVINCE)
        self.queue = make_queue(self.session, office=self.office, services=[self.service])
        self.slots = [self.slot(DAY, minute=15 * nth, places=number) for nth, number in enumerate(self.places)]
        self.first, self.second = (acting(make_staff(self.session).id) for _ in range(2))
        self.draw_id = self.prepare()

    def slot(self, day: date, *, hour: int = 9, minute: int = 0, places: int = 1) -> Slot:
        return make_slot(self.session, queue=self.queue, starts_at=at(day, hour=hour, minute=minute), capacity=places)

    def plan(self, **over: Any) -> DrawPlan:
        given: dict[str, Any] = {
            "service_id": self.service.id,
            "province_code": PROVINCE,
            "first_day": DAY,
            "last_day": DAY,
            "closes_at": CLOSES,
            "figure_name": "the closing index of 3 Azar, with two decimals",
            "figure_digits": 9,
        }
        return DrawPlan(**given | over)

    def prepare(self, **over: Any) -> int:
        return actions.prepare(self.session, plan=self.plan(**over), rules=RULES, actor=self.first, now=self.now)

    def commit(self, *, actor: Actor | None = None, word: str = WORD, draw_id: int | None = None) -> None:
        actions.commit_word(
            self.session,
            draw_id=draw_id or self.draw_id,
            word_hash=commitment(bytes_of_word(word)),
            actor=actor or self.second,
            now=self.now,
        )

    def announce(self, *, draw_id: int | None = None) -> None:
        actions.announce(self.session, draw_id=draw_id or self.draw_id, actor=self.first, now=self.now)

    def switch(self, *, is_drawn: bool = True, **over: Any) -> None:
        given: dict[str, Any] = {"reason": "gone in two minutes", "evidence": {"days_to_free": 20}, "rules": RULES}
        actions.set_rules(
            self.session,
            service_id=self.service.id,
            province_code=PROVINCE,
            is_drawn=is_drawn,
            actor=self.first,
            now=self.now,
            **given | over,
        )

    def begin(self) -> None:
        """The word is committed, the draw announced, and the service drawn."""
        self.commit()
        self.announce()
        self.switch()

    def ask(self, *, people: int = 1, days: float = 0, **wishes: Any) -> Asker:
        """Somebody who waits in the whole province, since so many days."""
        chat = make_conversation(self.session)
        return self.ask_for(
            tuple(make_person(self.session, conversation=chat) for _ in range(people)), chat=chat, days=days, **wishes
        )

    def ask_for(
        self, family: tuple[Person, ...], *, chat: Conversation | None = None, days: float = 0, **wishes: Any
    ) -> Asker:
        """A chat that waits for these people, whom another may wait for too."""
        chat = chat or make_conversation(self.session)
        given = {"provinces": (PROVINCE,)} | wishes
        request = make_request(
            self.session,
            service=self.service,
            wish=wish_for(**given),
            chat=chat,
            people=family,
            now=self.now - timedelta(days=days),
        )
        public_id = self.session.scalar(select(StandingRequest.public_id).where(StandingRequest.id == request))
        asker = Asker(chat, family, request, public_id or "")
        self.askers.append(asker)
        return asker

    def run(self) -> None:
        """The job, until there is nothing to do at this moment."""
        for _ in range(100):
            if not run_draws(self.session, now=self.now):
                return
        raise AssertionError("the job never ends")

    def close(self) -> None:
        """The list closes."""
        self.now = CLOSES
        self.run()

    def figures(self, *, first: str = FIGURE, second: str = FIGURE) -> None:
        for actor, figure in ((self.first, first), (self.second, second)):
            actions.type_figure(self.session, draw_id=self.draw_id, figure=figure, actor=actor, now=self.now)

    def reveal(self, *, word: str = WORD, actor: Actor | None = None) -> None:
        actions.reveal_word(self.session, draw_id=self.draw_id, word=word, actor=actor or self.second, now=self.now)

    def held(self) -> None:
        """The whole draw, until its winners are invited."""
        self.close()
        self.figures()
        self.reveal()
        self.now = DRAWN
        self.run()

    def draw(self) -> DrawRow:
        found = draw_of(self.session, draw_id=self.draw_id)
        assert found is not None
        return found

    def deliver(self) -> None:
        """All offers arrive."""
        waits = select(OutboxMessage.id).where(OutboxMessage.notice == "offer", OutboxMessage.is_open)
        for id in self.session.scalars(waits).all():
            mark_sent(self.session, id=id, message_id=str(id), now=self.now)
        self.watch()

    def watch(self) -> None:
        watch_offers(self.session, now=self.now, limit=500)

    def offer(self, asker: Asker) -> Offer | None:
        """The live offer."""
        found = select(Offer).where(Offer.request_id == asker.request, Offer.is_live)
        return self.session.scalars(found.execution_options(populate_existing=True)).one_or_none()

    def winners(self) -> list[Asker]:
        return [each for each in self.askers if self.offer(each) is not None]

    def losers(self) -> list[Asker]:
        return [each for each in self.askers if self.offer(each) is None]

    def accept(self, asker: Asker) -> Accepted:
        offer = self.offer(asker)
        assert offer is not None
        key = f"accept:{asker.request}"
        return accept(self.session, idem_key=key, offer_id=offer.id, actor=asker.actor, now=self.now)

    def decline(self, asker: Asker) -> None:
        offer = self.offer(asker)
        assert offer is not None
        decline(self.session, offer_id=offer.id, actor=asker.actor, now=self.now)

    def claims(self, kind: ClaimKind) -> int:
        return self.session.scalar(select(func.count()).where(Claim.kind == kind)) or 0

    def remaining(self) -> list[int]:
        """What is free at each start."""
        found = select(Slot.remaining).where(Slot.id.in_([each.id for each in self.slots])).order_by(Slot.starts_at)
        return list(self.session.scalars(found))

    def told(self, asker: Asker) -> list[str]:
        found = select(OutboxMessage.notice).where(
            OutboxMessage.conversation_id == asker.chat.id, OutboxMessage.notice.not_in(["ticket", "reminder"])
        )
        return list(self.session.scalars(found.order_by(OutboxMessage.id)))

    def block(self, asker: Asker) -> None:
        """The message to this chat can never arrive."""
        self.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.conversation_id == asker.chat.id, OutboxMessage.is_open)
            .values(state="dead", is_open=False, reason="blocked")
        )


def look_and_book(lottery: Lottery, *, by_office: bool = False) -> None:
    """Somebody who looks first books, or the office for them."""
    chat = make_conversation(lottery.session)
    person = make_person(lottery.session, conversation=chat)
    given: dict[str, Any] = (
        {"actor": lottery.first, "for_chat": chat.id} if by_office else {"actor": Actor.chat(chat.id)}
    )
    book(
        lottery.session,
        idem_key=f"look:{chat.id}",
        slot_id=lottery.slots[0].id,
        service_id=lottery.service.id,
        person_id=person.id,
        person_name="نام",
        document_kind=DocumentKind.AMAYESH,
        code=appointment_code(),
        now=lottery.now,
        **given,
    )


def where_is(lottery: Lottery, asker: Asker) -> WhereRow:
    """What became of the request in the draw."""
    found = queries.where_was(lottery.session, draw_id=lottery.draw_id, public_id=asker.public_id)
    assert found is not None
    return found
