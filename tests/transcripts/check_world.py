"""Lines of a transcript about the appointment of a stranger, whose code somebody checks."""

from __future__ import annotations

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.models import Appointment
from desk.codes import TrackingCode
from desk.storage.base import WriteSession
from tests import makers
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, service_of_code, slot_at


@line(r"a stranger has a turn for «(.+)» on day (\d+) at (\d+:\d+) in (\S+), with the code (\d{9})")
async def stranger_has_an_appointment(
    world: World, service: str, day: str, time: str, office: str, code: str
) -> list[Seen]:
    def make(session: WriteSession) -> None:
        makers.make_appointment(
            session,
            slot=slot_at(session, office, int(day), time),
            service=service_of_code(session, service),
            conversation=makers.make_conversation(session, channel="elsewhere"),
            code=TrackingCode(code),
        )

    await world.write(make)
    return []


@line(r"the stranger cancels the turn with the code (\d{9})")
async def stranger_cancels(world: World, code: str) -> list[Seen]:
    def give_up(session: WriteSession) -> None:
        found = session.scalars(select(Appointment).where(Appointment.code == code)).one()
        assert found.conversation_id is not None
        cancel(session, appointment_id=found.id, actor=Actor.chat(found.conversation_id), now=world.bot.clock.now())

    await world.write(give_up)
    return []
