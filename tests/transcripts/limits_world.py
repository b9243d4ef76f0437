"""Lines of the transcripts about what one chat has used up of its limits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from desk.conversations.limits import note
from desk.conversations.rules import CounterKind
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from tests import makers
from tests.transcripts.world import World, line, service_of_code, this_chat


@line(r"this chat has (\d+) turns for «(.+)» of different people")
async def has_turns(world: World, number: str, service: str) -> None:
    def make(session: WriteSession) -> None:
        chat, found = this_chat(session, world), service_of_code(session, service)
        for nth in range(int(number)):
            day = makers.TODAY + timedelta(days=10 + nth)
            slot = makers.make_slot(session, starts_at=makers.at(day, hour=10))
            makers.make_appointment(
                session, slot=slot, service=found, person=makers.make_person(session), conversation=chat
            )
        session.execute(delete(OutboxMessage))  # their tickets came long ago

    await world.write(make)


@line(r"(\d+) (turns were cancelled|people were added) in this chat today")
async def was_counted(world: World, times: str, what: str) -> None:
    kind = CounterKind.CANCELLATIONS if what == "turns were cancelled" else CounterKind.PEOPLE

    def make(session: WriteSession) -> None:
        chat, now = this_chat(session, world), world.bot.clock.now()
        for _ in range(int(times)):
            note(session, conversation_id=chat.id, kind=kind, now=now)

    await world.write(make)
