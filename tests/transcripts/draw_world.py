"""Lines of the transcripts about draws: places that are drawn, who else asks, and the draw as its jobs hold it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, update

from desk.acting import SYSTEM, Actor
from desk.capacity.models import Slot
from desk.capacity.rules import SlotStatus
from desk.draws import actions
from desk.draws.drawing import listed
from desk.draws.models import Draw
from desk.draws.order import in_order
from desk.draws.queries import draw_of
from desk.draws.revealing import part_of
from desk.draws.rows import DrawPlan, DrawRules
from desk.draws.running import run_draws
from desk.draws.seeds import SeedParts, bytes_of_word, commitment, seed_of
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.waiting.actions import decline
from desk.waiting.models import Offer, StandingRequest
from desk.waiting.watching import watch_offers
from tests import makers
from tests.makers_draws import WORD
from tests.makers_waiting import make_request, wish_for
from tests.transcripts.script import Seen
from tests.transcripts.stage import IDENTITY_KEY
from tests.transcripts.world import World, line, office_of_code, service_of_code, this_chat
from tests.weak_hashes import digest

RULES = DrawRules(publish_at=18 * 60, days_ahead=7, confirm_minutes=24 * 60, priority_share=0)


@line(r"one place for «(.+)» at (\S+) on day (\d+) at (\d+):(\d+) is drawn")
async def is_drawn(world: World, service: str, office: str, day: str, hour: str, minute: str) -> None:
    """The draw of this day is announced; it is its only free place."""

    def make(session: WriteSession) -> None:
        wanted, at = service_of_code(session, service), office_of_code(session, office)
        queue = makers.make_queue(session, office=at, services=[wanted])
        on = makers.TODAY + timedelta(days=int(day))
        makers.make_slot(session, queue=queue, starts_at=makers.at(on, hour=int(hour), minute=int(minute)), capacity=1)
        _announce(session, service_id=wanted.id, province_code=at.province_code, day=on, world=world)

    await world.write(make)


def _announce(session: WriteSession, *, service_id: int, province_code: str, day: date, world: World) -> None:
    now = world.bot.clock.now()
    plan = DrawPlan(
        service_id=service_id,
        province_code=province_code,
        first_day=day,
        last_day=day,
        closes_at=makers.at(day - timedelta(days=7), hour=12),
        figure_name="the closing index of that day",
        figure_digits=4,
    )
    draw_id = actions.prepare(session, plan=plan, rules=RULES, actor=SYSTEM, now=now)
    hashed = commitment(bytes_of_word(WORD))
    actions.commit_word(session, draw_id=draw_id, word_hash=hashed, actor=SYSTEM, now=now)
    actions.announce(session, draw_id=draw_id, actor=SYSTEM, now=now)
    actions.set_rules(
        session,
        service_id=service_id,
        province_code=province_code,
        rules=RULES,
        is_drawn=True,
        reason="gone in two minutes",
        evidence={},
        actor=SYSTEM,
        now=now,
    )


@line(r"(\d+) other chats? asks? for «(.+)» in the draw")
async def others_ask(world: World, count: str, service: str) -> None:
    def make(session: WriteSession) -> None:
        for _ in range(int(count)):
            make_request(
                session,
                service=service_of_code(session, service),
                wish=wish_for(provinces=("IR-30",)),
                chat=makers.make_conversation(session, channel="elsewhere"),
                now=world.bot.clock.now(),
            )

    await world.write(make)


@line("the list of the draw is closed")
async def is_closed(world: World) -> list[Seen]:
    draw = await world.write(lambda session: session.scalars(select(Draw)).one())
    world.bot.clock.moment = draw.closes_at
    return await _run(world)


@line(r"the draw is held, and this chat is number (\d+)")
async def is_held(world: World, number: str) -> list[Seen]:
    """Two people type the one of all figures that gives this place; nobody else could choose it, who lacks the seed."""
    draw = await world.write(lambda session: session.scalars(select(Draw)).one())

    def reveal(session: WriteSession) -> None:
        now = world.bot.clock.now()
        row = draw_of(session, draw_id=draw.id)
        assert row is not None
        mine = this_chat(session, world).id
        own = session.scalars(select(StandingRequest.public_id).where(StandingRequest.conversation_id == mine)).one()
        requests, part = listed(session, draw.id), part_of(session, row)
        figure = next(
            str(each)
            for each in range(1000, 10_000)
            if in_order(requests, seed=seed_of(SeedParts(part, WORD, str(each))))[int(number) - 1].id == own
        )
        actions.type_figure(session, draw_id=draw.id, figure=figure, actor=SYSTEM, now=now)
        actions.reveal_word(session, draw_id=draw.id, word=WORD, actor=SYSTEM, now=now)

    await world.write(reveal)
    world.bot.clock.moment = draw.drawn_at
    return await _run(world)


@line("who was drawn gives the place back")
async def gives_back(world: World) -> list[Seen]:
    def back(session: WriteSession) -> None:
        offer, chat = session.execute(
            select(Offer.id, StandingRequest.conversation_id)
            .join(StandingRequest, StandingRequest.id == Offer.request_id)
            .where(Offer.is_live)
        ).one()
        decline(session, offer_id=offer, actor=Actor.chat(chat), now=world.bot.clock.now())

    await world.write(back)
    return await _run(world)


@line("the office takes the drawn place away")
async def is_taken_away(world: World) -> None:
    """Its start is closed while the list waits for its draw."""

    def close(session: WriteSession) -> None:
        drawn = select(Claim.slot_id).where(Claim.kind == ClaimKind.DRAWN)
        closed = {"status": SlotStatus.CLOSED, "planned": 0, "remaining": 0, "is_open": False}
        session.execute(update(Slot).where(Slot.id.in_(drawn)).values(**closed))

    await world.write(close)


@line("nobody types the figure in time")
async def is_not_held(world: World) -> list[Seen]:
    draw = await world.write(lambda session: session.scalars(select(Draw)).one())
    world.bot.clock.moment = draw.drawn_at + timedelta(days=1)
    return await _run(world)


async def _run(world: World) -> list[Seen]:
    """As the jobs do, until there is nothing to do at this moment."""
    seen: list[Seen] = []
    while await world.write(lambda session: run_draws(session, now=world.bot.clock.now())):
        seen += await world.stage.post()
    await world.write(lambda session: watch_offers(session, now=world.bot.clock.now(), limit=500))
    return seen + await world.stage.post()


@line(r"people reach the public pages at (\S+)")
async def pages_at(world: World, address: str) -> None:
    world.bot.pages = address
    await world.stage.restart()


@line(r"another chat has asked for «(.+)» in the draw with the number (\S+)")
async def asked_with_the_number(world: World, service: str, number: str) -> None:
    def make(session: WriteSession) -> None:
        chat = makers.make_conversation(session, channel="elsewhere")
        make_request(
            session,
            service=service_of_code(session, service),
            wish=wish_for(provinces=("IR-30",)),
            chat=chat,
            people=(person_of_number(session, number),),
            now=world.bot.clock.now() - timedelta(hours=1),
        )

    await world.write(make)


def person_of_number(session: WriteSession, number: str) -> Person:
    """Who is known by this number, whichever chat typed it."""
    mark = digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)
    return session.scalars(select(Person).where(Person.identity_hash == mark.hash)).one()


@line(r"the draw is called off")
async def called_off(world: World) -> list[Seen]:
    def call(session: WriteSession) -> None:
        draw_id = session.scalars(select(Draw.id)).one()
        actions.call_off_one(session, draw_id=draw_id, actor=SYSTEM, now=world.bot.clock.now())
        while run_draws(session, now=world.bot.clock.now()):
            pass

    await world.write(call)
    return await world.stage.post()
