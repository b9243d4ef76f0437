"""Lines of the transcripts about waiting: standing requests of this chat and of others, and offers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from desk.acting import SYSTEM, Actor
from desk.capacity.models import Slot, SlotStatus
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.waiting import actions
from desk.waiting.looking import offer_places
from desk.waiting.models import Offer, OfferPlace, StandingRequest
from desk.waiting.rules import ClassReason, RequestState
from desk.waiting.watching import ask_whether_they_wait_on, watch_offers
from tests import makers
from tests.makers_chats import known_as
from tests.makers_waiting import make_class, make_request, wish_for
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code, service_of_code, this_chat


@line(r"(\S+) waits for «(.+)» at (\S+)(?: since (\d+) days)?")
async def waits(world: World, name: str, service: str, office: str, days: str | None) -> None:
    def make(session: WriteSession) -> None:
        chat = this_chat(session, world)
        make_request(
            session,
            service=service_of_code(session, service),
            wish=wish_for(office_of_code(session, office)),
            chat=chat,
            people=(session.get_one(Person, known_as(session, chat, name).person_id),),
            now=world.bot.clock.now() - timedelta(days=int(days or 0)),
        )

    await world.write(make)


@line(r"(\d+) other chats? (?:wait|waits) for «(.+)» at (\S+)(?: since (\d+) days)?")
async def others_wait(world: World, count: str, service: str, office: str, days: str | None) -> None:
    def make(session: WriteSession) -> None:
        for number in range(int(count)):
            make_request(
                session,
                service=service_of_code(session, service),
                wish=wish_for(office_of_code(session, office)),
                chat=makers.make_conversation(session, channel="elsewhere"),
                now=world.bot.clock.now() - timedelta(days=int(days or 0), seconds=number),
            )

    await world.write(make)


@line(r"(\d+) requests? (?:is|are) (waiting|paused|ended|fulfilled|lapsed)")
async def requests(world: World, count: str, state: str) -> None:
    wanted = RequestState(state)
    statement = select(func.count()).select_from(StandingRequest).where(StandingRequest.state == wanted)
    found = await world.write(lambda session: session.scalar(statement))
    assert found == int(count), f"there are {found}"


async def _looked_at(world: World) -> list[Seen]:
    """What the jobs do, and what arrives then."""
    seen: list[Seen] = []
    for work in (watch_offers, offer_places, watch_offers):
        await world.write(partial(work, now=world.bot.clock.now(), limit=500))
        seen += await world.stage.post()
    return seen


@line("those who wait are asked")
async def are_asked(world: World) -> list[Seen]:
    return await _looked_at(world)


@line(r"(\d+) (minutes|hours|days) pass, and the offers are looked at")
async def passes(world: World, count: str, unit: str) -> list[Seen]:
    world.bot.clock.advance(timedelta(**{unit: int(count)}))
    await world.write(lambda session: ask_whether_they_wait_on(session, now=world.bot.clock.now(), limit=500))
    return await _looked_at(world)


@line("the time to answer is over")
async def is_over(world: World) -> list[Seen]:
    ends = await world.write(lambda session: session.scalar(select(func.max(Offer.ends_at)).where(Offer.is_live)))
    world.bot.clock.moment = max(world.bot.clock.now(), ends + timedelta(seconds=1))
    return []


@line("somebody else who was asked says yes")
async def other_accepts(world: World) -> list[Seen]:
    def accept(session: WriteSession) -> None:
        mine = this_chat(session, world).id
        offer, chat = session.execute(
            select(Offer.id, StandingRequest.conversation_id)
            .join(StandingRequest, StandingRequest.id == Offer.request_id)
            .where(Offer.is_live, StandingRequest.conversation_id != mine)
            .limit(1)
        ).one()
        actions.accept(session, idem_key="other", offer_id=offer, actor=Actor.chat(chat), now=world.bot.clock.now())

    await world.write(accept)
    return []


@line("the office closes the time that is on offer")
async def closes(world: World) -> list[Seen]:
    def close(session: WriteSession) -> None:
        offered = select(OfferPlace.slot_id).join(Offer, Offer.round_id == OfferPlace.round_id).where(Offer.is_live)
        slot = session.get_one(Slot, session.scalars(offered.limit(1)).one())
        slot.status, slot.is_open = SlotStatus.CLOSED, False

    await world.write(close)
    return await _looked_at(world)


@line(r"72-1102 (gives|takes back) a priority class of (\d+) days")
async def priority(world: World, does: str, days: str) -> list[Seen]:
    """Staff saw somebody at the counter: the only request of this chat."""

    def give(session: WriteSession) -> None:
        of_chat = select(StandingRequest.id).where(StandingRequest.conversation_id == this_chat(session, world).id)
        given = does == "gives"
        actions.give_class(
            session,
            request_id=session.scalars(of_chat).one(),
            office_id=office_of_code(session, "72-1102").id,
            class_id=make_class(session, days=int(days)).id if given else None,
            reason=ClassReason.SEEN,
            actor=SYSTEM,
            now=world.bot.clock.now(),
        )

    await world.write(give)
    return await world.stage.post()
