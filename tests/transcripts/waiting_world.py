"""Lines of the transcripts about standing requests: what becomes free, who is offered it, and what becomes of that."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import cancel_by_office
from desk.capacity.models import Queue, QueueService, Slot, SlotStatus
from desk.people.models import Person
from desk.people.queries import known
from desk.storage.base import WriteSession
from desk.waiting.actions import accept
from desk.waiting.looking import offer_places
from desk.waiting.models import Offer, OfferPlace, StandingRequest
from desk.waiting.watching import ask_whether_they_wait_on, watch_offers
from tests import makers
from tests.makers_waiting import make_request, wish_for
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code, service_of_code, this_chat


@line(r"(\S+) waits for «(.+)» at (\S+)(?: until day (\d+))?")
async def this_chat_waits(world: World, name: str, service: str, office: str, until: str | None) -> None:
    def make(session: WriteSession) -> None:
        chat = this_chat(session, world)
        person_id = next(each.person_id for each in known(session, conversation_id=chat.id) if each.name == name)
        last = makers.TODAY + timedelta(days=int(until or 30))
        wish = wish_for(office_of_code(session, office), until_day=last)
        person = session.get_one(Person, person_id)
        now = world.bot.clock.now()
        make_request(
            session, service=service_of_code(session, service), wish=wish, chat=chat, people=(person,), now=now
        )

    await world.write(make)


@line(r"another chat waits for «(.+)» at (\S+)")
async def another_waits(world: World, service: str, office: str) -> None:
    def make(session: WriteSession) -> None:
        wish = wish_for(office_of_code(session, office))
        make_request(session, service=service_of_code(session, service), wish=wish, now=world.bot.clock.now())

    await world.write(make)


@line(r"a turn for «(.+)» at (\S+) on day (\d+) at (\d+):(\d+) becomes free and is offered")
async def becomes_free(world: World, service: str, office: str, day: str, hour: str, minute: str) -> list[Seen]:
    """The office cancels the appointment of somebody else, and the job offers its place."""

    def free(session: WriteSession) -> None:
        wanted, at = service_of_code(session, service), office_of_code(session, office)
        queues = select(Queue).join(QueueService, QueueService.queue_id == Queue.id)
        of_it = (QueueService.service_id == wanted.id, Queue.office_id == at.id)
        queue = session.scalars(queues.where(*of_it).order_by(Queue.id)).first()
        assert queue is not None, f"{office} does not give {service}"
        starts_at = makers.at(makers.TODAY + timedelta(days=int(day)), hour=int(hour), minute=int(minute))
        slot = makers.make_slot(session, queue=queue, starts_at=starts_at, capacity=1)
        turn = makers.make_appointment(session, slot=slot, service=wanted)
        now = world.bot.clock.now()
        cancel_by_office(session, appointment_id=turn.id, actor=SYSTEM, reason="", now=now)
        offer_places(session, now=now)

    await world.write(free)
    return await world.stage.post()


@line("the offers are looked after")
async def looked_after(world: World) -> list[Seen]:
    """As the jobs do: the time to answer begins or ends, and what was not taken is offered to the next."""

    def watch(session: WriteSession) -> None:
        watch_offers(session, now=world.bot.clock.now(), limit=500)
        offer_places(session, now=world.bot.clock.now())

    await world.write(watch)
    return await world.stage.post()


@line("the other chat accepts first")
async def other_accepts(world: World) -> list[Seen]:
    def take(session: WriteSession) -> None:
        mine = this_chat(session, world).id
        found = session.execute(
            select(Offer.id, StandingRequest.conversation_id)
            .join(StandingRequest, StandingRequest.id == Offer.request_id)
            .where(Offer.is_live, StandingRequest.conversation_id != mine)
        ).one()
        accept(
            session,
            idem_key="other",
            offer_id=found.id,
            actor=Actor.chat(found.conversation_id),
            now=world.bot.clock.now(),
        )

    await world.write(take)
    return await world.stage.post()


@line("the office closes the time that is offered")
async def closes_it(world: World) -> list[Seen]:
    def close(session: WriteSession) -> None:
        offered = select(OfferPlace.slot_id).join(Offer, Offer.round_id == OfferPlace.round_id).where(Offer.is_live)
        session.execute(
            update(Slot).where(Slot.id.in_(offered)).values(status=SlotStatus.CLOSED, is_open=False),
            execution_options={"synchronize_session": False},
        )
        watch_offers(session, now=world.bot.clock.now(), limit=500)

    await world.write(close)
    return await world.stage.post()


@line("those whose last day is near are asked")
async def asked_near(world: World) -> list[Seen]:
    await world.write(lambda session: ask_whether_they_wait_on(session, now=world.bot.clock.now(), limit=200))
    return await world.stage.post()
