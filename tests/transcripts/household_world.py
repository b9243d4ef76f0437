"""Lines of the transcripts about households: of which services one visit serves all of it, and who has moved alone."""

from __future__ import annotations

from desk.acting import Actor
from desk.appointments.actions import Member, book_together, move
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from tests.makers_chats import known_as
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, service_of_code, slot_at, this_chat


@line(r"for «(\w+)» one visit serves a whole household")
async def one_visit_serves(world: World, code: str) -> None:
    def set_it(session: WriteSession) -> None:
        service_of_code(session, code).is_per_household = True

    await world.write(set_it)


@line(
    r"(\S+) and (\S+) were booked together for «(\w+)» on day (\d+) at (\d+:\d+) in (\S+),"
    r" and (\S+) moved to (\d+:\d+)"
)
async def moved_alone(
    world: World, one: str, other: str, code: str, day: str, time: str, office: str, who: str, later: str
) -> list[Seen]:
    def make(session: WriteSession) -> None:
        chat, now = this_chat(session, world), world.bot.clock.now()
        slot, names = slot_at(session, office, int(day), time), (one, other)
        done = book_together(
            session,
            idem_key="together",
            actor=Actor.chat(chat.id),
            service_id=service_of_code(session, code).id,
            members=[
                Member(slot.id, known_as(session, chat, name).person_id, name, DocumentKind.AMAYESH) for name in names
            ],
            now=now,
        )
        move(
            session,
            idem_key="alone",
            appointment_id=done[names.index(who)].appointment_id,
            actor=Actor.chat(chat.id),
            slot_id=slot_at(session, office, int(day), later).id,
            now=now,
        )

    await world.write(make)
    return await world.stage.post()
