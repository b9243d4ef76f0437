"""Lines of the transcripts about the record of a visit."""

from __future__ import annotations

from sqlalchemy import select

from desk.appointments.models import Appointment
from desk.storage.base import WriteSession
from tests.makers_records import look_up
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line


@line(r"the clerk looks her up, and the system gives the code (\S+)")
async def looked_up(world: World, code: str) -> list[Seen]:
    def note(session: WriteSession) -> None:
        appointment = session.scalars(select(Appointment).where(Appointment.is_live)).one()
        look_up(session, appointment_id=appointment.id, code=code, now=world.bot.clock.now())

    await world.write(note)
    return await world.stage.post()
