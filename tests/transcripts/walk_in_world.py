"""Lines of the transcripts about people who come without an appointment, and the slips they get at the door."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.models import Appointment
from desk.capacity.models import Queue
from desk.capacity.shares import Share
from desk.catalogue.models import Service
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.visits.actions import record_arrival
from desk.walk_ins.actions import make_slip, tie, untie
from desk.walk_ins.models import WalkInSlip
from desk.walk_ins.queries import MARK
from tests import makers
from tests.transcripts.script import Seen
from tests.transcripts.stage import IDENTITY_KEY
from tests.transcripts.world import World, line, office_of_code, service_of_code, slot_at, this_chat
from tests.weak_hashes import digest


@line(r"at the door (\S+) got a turn for «(.+)» on day (\d+) at (\d+:\d+) in (\S+), and the slip (\S{22})")
async def got_a_day(world: World, name: str, service: str, day: str, time: str, office: str, secret: str) -> None:
    def make(session: WriteSession) -> None:
        slot = slot_at(session, office, int(day), time)
        mark = digest("12345678", kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)
        made = makers.make_appointment(
            session,
            slot=slot,
            service=service_of_code(session, service),
            person=makers.make_person(session, identity_hash=mark.hash, last4=mark.last4),
            person_name=name,
        )
        printed(session, world, made.id, secret)

    await world.write(make)


@line(r"at the door (\S+) got a turn beside it, and the slip (\S{22})")
async def got_one_beside(world: World, name: str, secret: str) -> None:
    def make(session: WriteSession) -> None:
        there = session.scalars(select(Appointment)).one()
        made = makers.make_appointment(
            session,
            slot=slot_at(session, "72-1102", 7, "9:30"),
            service=session.get_one(Service, there.service_id),
            person=session.get_one(Person, there.person_id),
            person_name=name,
            is_contested=True,
        )
        printed(session, world, made.id, secret)

    await world.write(make)


@line(r"at the door (\S+) got a number for today for «(.+)» in (\S+), and the slip (\S{22})")
async def got_a_number(world: World, name: str, service: str, office: str, secret: str) -> None:
    def make(session: WriteSession) -> None:
        queue = session.scalars(select(Queue).where(Queue.office_id == office_of_code(session, office).id)).first()
        assert queue is not None
        starts_at = world.bot.clock.now() + timedelta(hours=1)
        mark = digest("12345678", kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)
        made = makers.make_appointment(
            session,
            slot=makers.make_slot(session, queue=queue, starts_at=starts_at),
            service=service_of_code(session, service),
            person=makers.make_person(session, identity_hash=mark.hash, last4=mark.last4),
            person_name=name,
        )
        made.share = Share.WALK_IN
        session.flush()
        record_arrival(session, appointment_id=made.id, actor=SYSTEM, now=world.bot.clock.now())
        printed(session, world, made.id, secret)

    await world.write(make)


def printed(session: WriteSession, world: World, appointment_id: int, secret: str) -> None:
    """A slip whose secret can be written down; else it is drawn by chance."""
    make_slip(session, appointment_id=appointment_id, actor=SYSTEM, now=world.bot.clock.now())
    session.get_one(WalkInSlip, appointment_id, populate_existing=True).mark = session.keys.named_mark(MARK, secret)


@line(r"the marshal prints the slip (\S{22}) for that turn")
async def prints(world: World, secret: str) -> None:
    def make(session: WriteSession) -> None:
        printed(session, world, session.scalars(select(Appointment.id)).one(), secret)

    await world.write(make)


@line("another chat takes the turn of the slip")
async def another_takes(world: World) -> None:
    def take(session: WriteSession) -> None:
        other = makers.make_conversation(session, channel="elsewhere")
        mark = session.scalars(select(WalkInSlip.mark)).one()
        tie(session, actor=Actor.chat(other.id), mark=mark or "", now=world.bot.clock.now())

    await world.write(take)


@line("the marshal takes the turn out of its chat")
async def takes_out(world: World) -> list[Seen]:
    def take(session: WriteSession) -> None:
        turn = session.scalars(select(Appointment.id)).one()
        untie(session, appointment_id=turn, actor=SYSTEM, now=world.bot.clock.now())

    await world.write(take)
    return await world.stage.post()


@line("the turn of the slip is in (this chat|another chat|no chat)")
async def whose(world: World, where: str) -> None:
    def read(session: WriteSession) -> str:
        turn = session.scalars(select(Appointment)).one()
        if turn.conversation_id is None:
            return "no chat"
        return "this chat" if turn.conversation_id == this_chat(session, world).id else "another chat"

    found = await world.write(read)
    assert found == where, f"it is in {found}"
