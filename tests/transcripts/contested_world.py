"""Lines of the transcripts about two chats that named one number, and the paper that decides at the counter."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import book
from desk.appointments.contested import tell_first_chats
from desk.appointments.models import Appointment
from desk.conversations.models import Conversation
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from desk.visits.naming import correct_from_paper
from desk.visits.proving import prove
from tests import makers
from tests.makers import acting
from tests.transcripts.script import Seen
from tests.transcripts.stage import IDENTITY_KEY
from tests.transcripts.world import World, line, service_of_code, slot_at
from tests.weak_hashes import digest

ELSEWHERE = "elsewhere"


@line(r"another chat books «(.+)» for the number (\S+)")
async def named_elsewhere(world: World, service: str, number: str) -> list[Seen]:
    """By the action that a chat uses; then the job has run."""

    def name(session: WriteSession) -> None:
        mark = digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)
        person = session.scalars(select(Person).where(Person.identity_hash == mark.hash)).one()
        book(
            session,
            idem_key="another chat",
            actor=Actor.chat(makers.make_conversation(session, channel=ELSEWHERE).id),
            slot_id=slot_at(session, "72-1102", 7, "11:00").id,
            service_id=service_of_code(session, service).id,
            person_id=person.id,
            person_name="ر",
            document_kind=DocumentKind.AMAYESH,
            code=makers.appointment_code(),
            now=world.bot.clock.now(),
        )

    await world.write(name)
    await world.write(lambda session: tell_first_chats(session, now=world.bot.clock.now(), limit=100))
    return await world.stage.post()


@line(r"on the day, the clerk reads the number (\S+) from the original at the turn of the (other|own) chat")
async def paper_seen(world: World, number: str, whose: str) -> list[Seen]:
    def read(session: WriteSession) -> None:
        here = Conversation.channel == ELSEWHERE if whose == "other" else Conversation.channel != ELSEWHERE
        appointment = session.scalars(
            select(Appointment)
            .join(Conversation, Conversation.id == Appointment.conversation_id)
            .where(Appointment.is_live, here)
        ).one()
        morning = makers.at(appointment.day, hour=8)
        world.bot.clock.advance(max(timedelta(), morning - world.bot.clock.now()))
        proof = prove(
            session,
            appointment_id=appointment.id,
            identity=digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY),
            actor=acting(makers.make_staff(session).id),
            now=world.bot.clock.now(),
        )
        assert proof.fits

    await world.write(read)
    return await world.stage.post()


@line(r"on the day, the clerk puts the name «(.+)» of the paper (\S+) on the turn")
async def name_from_paper(world: World, name: str, number: str) -> list[Seen]:
    def put(session: WriteSession) -> None:
        appointment = session.scalars(select(Appointment).where(Appointment.is_live)).one()
        morning = makers.at(appointment.day, hour=8)
        world.bot.clock.advance(max(timedelta(), morning - world.bot.clock.now()))
        proof = correct_from_paper(
            session,
            appointment_id=appointment.id,
            identity=digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY),
            name=name,
            actor=acting(makers.make_staff(session).id),
            now=world.bot.clock.now(),
        )
        assert proof.fits

    await world.write(put)
    return await world.stage.post()
