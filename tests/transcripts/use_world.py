"""Lines of the transcripts about what goes out of use while somebody answers: an office, a queue, a service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from desk.acting import SYSTEM
from desk.appointments.confirming import ask_whether_they_come
from desk.capacity.actions import refill_office, save_queue, set_horizon, set_status
from desk.capacity.models import Queue, QueueService, Slot
from desk.capacity.status_rules import GivingState, LegalBasis
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind, Remedy
from desk.events.reacting import setting_apart
from desk.parts import ToSetApart
from desk.storage.base import WriteSession
from tests.transcripts.change_world import REMEDIES, through_the_sheet
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code, service_of_code

ITS_APPOINTMENTS = r"(?:, and (moves|keeps|cancels) its turns because «([^»]+)»)?"


async def _change(
    world: World,
    kind: ChangeKind,
    reach: Callable[[WriteSession], Reach],
    act: Callable[[WriteSession], object],
    does: str | None,
    reason: str | None,
) -> list[Seen]:
    """Make the change as the back office does, through the sheet of its consequences."""

    def change(session: WriteSession) -> None:
        intended = IntendedChange(kind=kind, subject="test", reach=reach(session), act=act)
        remedy = REMEDIES[does] if does else Remedy.KEEP
        through_the_sheet(world, intended, remedy=remedy, reason=reason or "")(session)

    await world.write(change)
    return await world.stage.post()


@line(r"the office (\S+) goes out of use" + ITS_APPOINTMENTS)
async def office_out_of_use(world: World, code: str, does: str | None, reason: str | None) -> list[Seen]:
    def act(session: WriteSession) -> None:
        office = office_of_code(session, code)
        office.is_active = False
        session.flush()
        refill_office(session, office_id=office.id, now=world.bot.clock.now())

    def reach(session: WriteSession) -> Reach:
        return Reach(office_id=office_of_code(session, code).id)

    return await _change(world, ChangeKind.OFFICE, reach, act, does, reason)


@line(r"the queue of (\S+) (goes out of use|no longer serves «[^»]+»)" + ITS_APPOINTMENTS)
async def queue_out_of_use(world: World, code: str, what: str, does: str | None, reason: str | None) -> list[Seen]:
    def its_queue(session: WriteSession) -> Queue:
        office_id = office_of_code(session, code).id
        return session.scalars(select(Queue).where(Queue.office_id == office_id, Queue.is_active)).one()

    def act(session: WriteSession) -> None:
        queue = its_queue(session)
        serves = set(session.scalars(select(QueueService.service_id).where(QueueService.queue_id == queue.id)))
        if "«" in what:
            serves.discard(service_of_code(session, what.partition("«")[2].rstrip("»")).id)
        save_queue(
            session,
            queue_id=queue.id,
            office_id=queue.office_id,
            name=queue.name,
            service_ids=sorted(serves),
            is_active="«" in what,
            actor=SYSTEM,
            now=world.bot.clock.now(),
        )

    return await _change(
        world, ChangeKind.QUEUE, lambda session: Reach(queue_id=its_queue(session).id), act, does, reason
    )


@line(r"«([^»]+)» is (suspended at|given back to) the office (\S+)" + ITS_APPOINTMENTS)
async def service_at_an_office(
    world: World, service: str, what: str, code: str, does: str | None, reason: str | None
) -> list[Seen]:
    state = GivingState.SUSPENDED if what == "suspended at" else GivingState.RESTORED

    def act(session: WriteSession) -> None:
        set_status(
            session,
            office_id=office_of_code(session, code).id,
            service_id=service_of_code(session, service).id,
            state=state,
            basis=LegalBasis.ANNOUNCEMENT,
            reason="nobody keeps order",
            actor=SYSTEM,
            now=world.bot.clock.now(),
        )

    def reach(session: WriteSession) -> Reach:
        return Reach(office_id=office_of_code(session, code).id, service_id=service_of_code(session, service).id)

    return await _change(world, ChangeKind.STATUS, reach, act, does, reason)


@line(r"every place in (\S+) is set apart for the desk")
async def set_apart_for_the_desk(world: World, office: str) -> None:
    def set_it(session: WriteSession) -> None:
        its_queues = select(Queue.id).where(Queue.office_id == office_of_code(session, office).id)
        free = session.scalars(select(Slot).where(Slot.queue_id.in_(its_queues), Slot.is_open.is_(True))).all()
        wanted = [
            ToSetApart(
                slot_id=slot.id,
                desk=slot.remaining,
                walk_in=0,
                desk_until=slot.starts_at - timedelta(hours=24),
                walk_in_until=slot.starts_at,
            )
            for slot in free
        ]
        setting_apart().set_apart(session, wanted, world.bot.clock.now())

    await world.write(set_it)


@line(r"«([^»]+)» opens (\d+) days? ahead, each new day at (\d+):(\d+)")
async def opens_ahead(world: World, code: str, days: str, hour: str, minute: str) -> None:
    def set_it(session: WriteSession) -> None:
        service = service_of_code(session, code)
        service.days_ahead, service.opens_at = int(days), int(hour) * 60 + int(minute)

    await world.write(set_it)


@line(r"«([^»]+)» asks people (\d+) days before whether they come")
async def asks_before(world: World, code: str, days: str) -> None:
    def set_it(session: WriteSession) -> None:
        service_of_code(session, code).asks_days_before = int(days)

    await world.write(set_it)


@line("those whose day comes near are asked whether they come")
async def asked_whether_they_come(world: World) -> list[Seen]:
    await world.write(lambda session: ask_whether_they_come(session, now=world.bot.clock.now(), limit=200))
    return await world.stage.post()


@line(r"the office (\S+) opens «([^»]+)» (\d+) days? ahead, each new day at (\d+):(\d+)")
async def office_opens_ahead(world: World, office: str, code: str, days: str, hour: str, minute: str) -> None:
    def set_it(session: WriteSession) -> None:
        set_horizon(
            session,
            office_id=office_of_code(session, office).id,
            service_id=service_of_code(session, code).id,
            days_ahead=int(days),
            opens_at=int(hour) * 60 + int(minute),
            actor=SYSTEM,
            now=world.bot.clock.now(),
        )

    await world.write(set_it)


@line(r"«([^»]+)» (takes no turns any more|is taken out of the catalogue)" + ITS_APPOINTMENTS)
async def service_out_of_use(world: World, code: str, what: str, does: str | None, reason: str | None) -> list[Seen]:
    def act(session: WriteSession) -> None:
        service = service_of_code(session, code)
        if what.startswith("takes"):
            service.is_bookable = False
        else:
            service.is_published = False
        session.flush()

    def reach(session: WriteSession) -> Reach:
        return Reach(service_id=service_of_code(session, code).id)

    return await _change(world, ChangeKind.SERVICE, reach, act, does, reason)
