"""Lines of the transcripts about the line of the day: who waits before, and whom a counter calls."""

from __future__ import annotations

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.calendar import local_day_of
from desk.line import actions
from desk.line.models import LineEntry
from desk.line.rules import EntryState
from desk.storage.base import WriteSession
from desk.visits.actions import record_arrival, record_outcome, undo_arrival
from desk.visits.rules import Outcome
from tests import makers
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code, service_of_code


@line(r"(\d+) other people came for «(.+)» to (\S+), whose time is (\d+):(\d+) today")
async def others_wait(world: World, count: str, service: str, code: str, hour: str, minute: str) -> None:
    def come(session: WriteSession) -> None:
        now, of = world.bot.clock.now(), service_of_code(session, service)
        queue = makers.make_queue(session, office=office_of_code(session, code), services=[of])
        starts_at = makers.at(local_day_of(now).date, hour=int(hour), minute=int(minute))
        slot = makers.make_slot(session, queue=queue, starts_at=starts_at, capacity=int(count))
        for _each in range(int(count)):
            other = makers.make_appointment(session, slot=slot, service=of)
            record_arrival(session, appointment_id=other.id, actor=_clerk(session), now=now)

    await world.write(come)


@line(r"counter (\d+) of (\S+) (calls the next|is done with who was called|lets who was called fetch something)")
async def counter_does(world: World, counter: str, code: str, what: str) -> list[Seen]:
    def do(session: WriteSession) -> None:
        office_id, now, clerk = office_of_code(session, code).id, world.bot.clock.now(), _clerk(session)
        if what == "calls the next":
            actions.call_next(session, office_id=office_id, counter=int(counter), actor=clerk, now=now)
            return
        at_it = select(LineEntry.appointment_id).where(
            LineEntry.office_id == office_id, LineEntry.counter == int(counter), LineEntry.state == EntryState.CALLED
        )
        id = session.scalars(at_it).one()
        if what == "is done with who was called":
            record_outcome(session, appointment_id=id, outcome=Outcome.SERVED, actor=clerk, now=now)
        else:
            actions.hold(session, appointment_id=id, actor=clerk, now=now)

    await world.write(do)
    return await world.stage.post()


@line("the clerk records that the person of this chat came")
async def came(world: World) -> list[Seen]:
    def record(session: WriteSession) -> None:
        mine = select(Appointment).where(Appointment.is_live, Appointment.conversation_id.is_not(None))
        id = session.scalars(mine).one().id
        record_arrival(session, appointment_id=id, actor=_clerk(session), now=world.bot.clock.now())

    await world.write(record)
    return await world.stage.post()


@line("the clerk takes the arrival back")
async def not_here(world: World) -> list[Seen]:
    def undo(session: WriteSession) -> None:
        found = session.scalars(select(Appointment).where(Appointment.state == AppointmentState.ARRIVED)).one()
        undo_arrival(session, appointment_id=found.id, actor=_clerk(session), now=world.bot.clock.now())

    await world.write(undo)
    return await world.stage.post()


def _clerk(session: WriteSession) -> Actor:
    return makers.acting(makers.make_staff(session).id)
