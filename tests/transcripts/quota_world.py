"""Lines of the transcripts about quotas: how many people a day an office takes for a service."""

from __future__ import annotations

from sqlalchemy import select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import book
from desk.capacity.actions import set_quotas
from desk.capacity.models import Queue
from desk.capacity.saving_quotas import quotas_of
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from tests import makers
from tests.transcripts.world import World, line, office_of_code, service_of_code, slot_at


@line(r"(\S+) takes (\d+) (?:person|people) a day at most for «([^»]+)»")
async def takes_so_many(world: World, office: str, most: str, service: str) -> None:
    def set_it(session: WriteSession) -> None:
        quotas = {service_of_code(session, service).id: int(most)}
        for queue_id in session.scalars(select(Queue.id).where(Queue.office_id == office_of_code(session, office).id)):
            if quotas_of(session, queue_id=queue_id):
                set_quotas(session, queue_id=queue_id, quotas=quotas, actor=SYSTEM, now=world.bot.clock.now())

    await world.write(set_it)


@line(r"somebody else books «([^»]+)» on day (\d+) at (\d+:\d+) in (\S+)")
async def somebody_else_books(world: World, service: str, day: str, time: str, office: str) -> None:
    def book_it(session: WriteSession) -> None:
        chat = makers.make_conversation(session)
        book(
            session,
            idem_key=f"somebody:{chat.id}",
            actor=Actor.chat(chat.id),
            slot_id=slot_at(session, office, int(day), time).id,
            service_id=service_of_code(session, service).id,
            person_id=makers.make_person(session, conversation=chat).id,
            person_name="نام",
            document_kind=DocumentKind.AMAYESH,
            code=makers.appointment_code(),
            now=world.bot.clock.now(),
        )

    await world.write(book_it)
