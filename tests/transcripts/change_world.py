"""Lines of the transcripts about changes of the office: a day that closes, an address, what became of appointments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from desk.acting import SYSTEM
from desk.appointments.models import Appointment
from desk.capacity.actions import set_exception
from desk.capacity.models import ExceptionKind, Slot
from desk.consequences.actions import IntendedChange, StaffDecision, carry_out
from desk.consequences.hit import Reach, sign_of
from desk.consequences.letting_go import let_unanswered_go
from desk.consequences.models import ChangedAppointment
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind, Remedy
from desk.language.text import Localised
from desk.storage.base import WriteSession
from tests import makers
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code

REMEDIES = {"moves": Remedy.MOVE, "keeps": Remedy.KEEP, "cancels": Remedy.CANCEL}


def through_the_sheet(
    world: World, intended: IntendedChange[Any], *, remedy: Remedy, reason: str
) -> Callable[[WriteSession], None]:
    """Make a change as the page does: see whom it hits, then decide."""

    def act(session: WriteSession) -> None:
        now = world.bot.clock.now()
        try:
            with session.begin_nested():
                carry_out(session, intended=intended, answer=None, actor=SYSTEM, now=now)
        except PeopleAreHit as seen:
            answer = StaffDecision(
                key=f"sheet {intended.kind} {reason} {now}", expected=sign_of(seen.hit), remedy=remedy, reason=reason
            )
            carry_out(session, intended=intended, answer=answer, actor=SYSTEM, now=now)

    return act


@line(r"the office (moves|keeps|cancels) the turns of day (\d+), which it closes because «(.+)»")
async def office_closes_a_day(world: World, does: str, after: str, reason: str) -> list[Seen]:
    day = makers.TODAY + timedelta(days=int(after))
    now = world.bot.clock.now()

    def change(session: WriteSession) -> None:
        hit = select(Appointment).where(Appointment.is_live, Appointment.day == day).order_by(Appointment.id)
        appointment = session.scalars(hit.limit(1)).one()
        queue_id = session.get_one(Slot, appointment.slot_id).queue_id

        def close(session: WriteSession) -> None:
            set_exception(session, queue_id=queue_id, day=day, kind=ExceptionKind.CLOSED, actor=SYSTEM, now=now)

        intended = IntendedChange(
            kind=ChangeKind.DAY, subject="test", reach=Reach(queue_id=queue_id, day=day), act=close
        )
        through_the_sheet(world, intended, remedy=REMEDIES[does], reason=reason)(session)

    await world.write(change)
    return await world.stage.post()


@line(r"the office (\S+) moves to «([^»]+)»(?: because «([^»]+)»)?")
async def office_moves(world: World, code: str, address: str, reason: str | None) -> list[Seen]:
    def change(session: WriteSession) -> None:
        office_id = office_of_code(session, code).id

        def move(session: WriteSession) -> None:
            office_of_code(session, code).address = Localised({"fa": address})

        intended = IntendedChange(kind=ChangeKind.ADDRESS, subject="test", reach=Reach(office_id=office_id), act=move)
        through_the_sheet(world, intended, remedy=Remedy.TELL, reason=reason or "")(session)

    await world.write(change)
    return await world.stage.post()


@line(r"the office knows that they agreed")
async def agreed(world: World) -> None:
    found = await world.write(lambda session: session.scalars(select(ChangedAppointment.agreed_at)).all())
    assert found
    assert all(found), f"agreed are {found}"


@line(r"what nobody answered is let go")
async def let_go(world: World) -> list[Seen]:
    await world.write(lambda session: let_unanswered_go(session, now=world.bot.clock.now(), limit=50))
    return await world.stage.post()
