"""Lines of the transcripts about absences that a second person decides, and visits that the office did not give."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.absences.deciding import decide
from desk.absences.queries import objections
from desk.absences.rules import UpheldWhy
from desk.absences.unserved import record_unserved
from desk.appointments.jobs import lapse_appointments
from desk.appointments.models import Appointment
from desk.appointments.rules import LIVE
from desk.organisation import EVERYWHERE
from desk.storage.base import WriteSession
from tests import makers
from tests.makers import acting
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line

WHY = {
    "nobody saw her": UpheldWhy.NOT_SEEN,
    "she came on another day": UpheldWhy.ANOTHER_DAY,
    "she came after closing": UpheldWhy.AFTER_CLOSING,
    "she was at another office": UpheldWhy.ANOTHER_OFFICE,
}


@line(r"a second person decides that (?:she was there|it stands because (.+))")
async def decided(world: World, why: str | None) -> list[Seen]:
    def act(session: WriteSession) -> None:
        [waiting] = objections(session, scope=EVERYWHERE, limit=2)
        decide(
            session,
            absence_id=waiting.id,
            is_overturned=why is None,
            why=WHY[why] if why is not None else None,
            actor=acting(makers.make_staff(session).id),
            now=world.bot.clock.now(),
        )

    await world.write(act)
    return await world.stage.post()


@line(r"the day is over, and nobody records what became of it")
async def over(world: World) -> None:
    world.bot.clock.advance(timedelta(days=1))

    def act(session: WriteSession) -> None:
        lapse_appointments(session, now=world.bot.clock.now(), limit=100)

    await world.write(act)


@line(r"the office says that it did not serve her because «(.+)»")
async def unserved(world: World, reason: str) -> list[Seen]:
    def act(session: WriteSession) -> None:
        appointment = session.scalars(select(Appointment).where(Appointment.state.in_(LIVE))).one()
        record_unserved(
            session,
            appointment_id=appointment.id,
            reason=reason,
            actor=acting(makers.make_staff(session).id),
            now=world.bot.clock.now(),
        )

    await world.write(act)
    return await world.stage.post()
