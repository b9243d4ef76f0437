"""Lines of the transcripts about wishes at the counter: what an office says that it has, and what it answers."""

from __future__ import annotations

from sqlalchemy import select

from desk.acting import SYSTEM
from desk.appointments.assistance import wish
from desk.appointments.models import Appointment, AppointmentAssistance
from desk.appointments.rules import AssistanceState
from desk.offices.assistance import state_assistance, stated
from desk.offices.rules import Assistance
from desk.storage.base import WriteSession
from desk.visits.assistance import answer_wishes
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code

DOES = {"arranges": AssistanceState.ARRANGED, "cannot arrange": AssistanceState.CANNOT}


@line(r"(\S+) says that it has (\w+) on (every weekday|no weekday|weekdays? [\d ]+)")
async def says_that_it_has(world: World, code: str, kind: str, days: str) -> None:
    numbers = (
        frozenset(range(7)) if days == "every weekday" else frozenset(int(each) for each in days if each.isdigit())
    )

    def make(session: WriteSession) -> None:
        office_id = office_of_code(session, code).id
        weekdays = dict(stated(session, office_id=office_id).weekdays) | {Assistance(kind): numbers}
        now = world.bot.clock.now()
        state_assistance(session, office_id=office_id, weekdays=weekdays, actor=SYSTEM, now=now)

    await world.write(make)


@line(r"with each turn (\w+) is wished for")
async def is_wished_for(world: World, kind: str) -> None:
    def make(session: WriteSession) -> None:
        ids = session.scalars(select(Appointment.id).where(Appointment.is_live)).all()
        wish(session, appointment_ids=ids, kinds=[Assistance(kind)])

    await world.write(make)


@line(r"the office (arranges|cannot arrange) what was wished for")
async def office_answers(world: World, does: str) -> list[Seen]:
    def answer(session: WriteSession) -> None:
        ids = session.scalars(
            select(AppointmentAssistance.appointment_id)
            .join(Appointment, Appointment.id == AppointmentAssistance.appointment_id)
            .where(Appointment.is_live)
            .order_by(Appointment.id)
        )
        answers = dict.fromkeys(Assistance, DOES[does])
        answer_wishes(session, appointment_id=next(ids), answers=answers, actor=SYSTEM, now=world.bot.clock.now())

    await world.write(answer)
    return await world.stage.post()


@line(r"nothing that was wished for is kept")
async def nothing_kept(world: World) -> None:
    assert await world.write(lambda session: session.scalars(select(AppointmentAssistance.appointment_id)).all()) == []
