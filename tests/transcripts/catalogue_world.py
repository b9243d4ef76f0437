"""Lines of the transcripts about what is announced of a service."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from desk.acting import Actor
from desk.announcements.actions import ask
from desk.announcements.models import AnnouncementWish
from desk.announcements.telling import tell_announced
from desk.capacity.models import Queue, QueueService
from desk.catalogue.models import ServiceFee, ServicePaper
from desk.language.text import Localised
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from tests import makers
from tests.makers_fees import make_fee
from tests.transcripts.script import Seen
from tests.transcripts.world import World, line, office_of_code, service_of_code, this_chat


@line(r"«(.+)» needs «(.+)», with an? (\w+) only")
async def paper_of_a_kind(world: World, service: str, title: str, kind: str) -> None:
    def make(session: WriteSession) -> None:
        session.add(
            ServicePaper(
                service_id=service_of_code(session, service).id,
                document_kind=DocumentKind(kind),
                title=Localised({"fa": title}),
            )
        )

    await world.write(make)


@line(r"(\d+) more services, to be read only")
async def more_services(world: World, count: str) -> None:
    def make(session: WriteSession) -> None:
        for number in range(1, int(count) + 1):
            makers.make_service(session, title=f"Service {number}", is_bookable=False)

    await world.write(make)


@line(r"(\d+) more services at (\S+), the last of them «(.+)», whose fee and papers are known")
async def as_many_services(world: World, count: str, office: str, last: str) -> None:
    def make(session: WriteSession) -> None:
        office_id = office_of_code(session, office).id
        queue = session.scalars(select(Queue).where(Queue.office_id == office_id)).one()
        for number in range(1, int(count)):
            common = makers.make_service(session, title=f"Service {number}")
            session.add(QueueService(queue_id=queue.id, service_id=common.id))
        rarest = makers.make_service(session, code="rarest", title=last, keywords=last)
        session.add(QueueService(queue_id=queue.id, service_id=rarest.id))
        make_fee(session, service=rarest, rial=900_000)
        session.add(ServicePaper(service_id=rarest.id, title=Localised({"fa": "Birth certificate"})))

    await world.write(make)


@line(r"the desk announces the (fee|papers) of «(.+)»")
async def announces(world: World, what: str, service: str) -> None:
    def make(session: WriteSession) -> None:
        found = service_of_code(session, service)
        if what == "fee":
            make_fee(session, service=found, rial=500_000)
        else:
            session.add(ServicePaper(service_id=found.id, title=Localised({"fa": "کارت آمایش"})))

    await world.write(make)


@line(r"the desk takes the fee of «(.+)» back")
async def takes_fee_back(world: World, service: str) -> None:
    def take(session: WriteSession) -> None:
        session.execute(delete(ServiceFee).where(ServiceFee.service_id == service_of_code(session, service).id))

    await world.write(take)


@line(r"the office (\S+) begins to offer «(.+)»")
async def offers(world: World, code: str, service: str) -> None:
    def make(session: WriteSession) -> None:
        makers.make_queue(session, office=office_of_code(session, code), services=[service_of_code(session, service)])

    await world.write(make)


@line(r"nobody knows where (\S+) stands")
async def stands_nowhere(world: World, code: str) -> None:
    def make(session: WriteSession) -> None:
        office = office_of_code(session, code)
        office.latitude = office.longitude = None

    await world.write(make)


@line(r"those who wait are told( later)?")
async def tells(world: World, later: str | None) -> list[Seen]:
    """As the job does; `later` = the messenger takes it after the next line only."""
    await world.write(lambda session: tell_announced(session, now=world.bot.clock.now(), limit=200))
    return [] if later else await world.stage.post()


@line(r"(\d+) chats? waits? for an announcement")
async def waits(world: World, count: str) -> None:
    found = await world.write(lambda session: session.scalar(select(func.count()).select_from(AnnouncementWish)))
    assert found == int(count), f"{found} chats wait"


@line(r"this chat waits for (\d+) announcements")
async def waits_already(world: World, count: str) -> None:
    def make(session: WriteSession) -> None:
        chat = Actor.chat(this_chat(session, world).id)
        for number in range(1, int(count) + 1):
            service = makers.make_service(session, title=f"Service {number}", is_bookable=False)
            ask(session, actor=chat, service_id=service.id, now=world.bot.clock.now())

    await world.write(make)


@line(r"«(.+)» was booked (\d+) times lately")
async def was_booked(world: World, service: str, times: str) -> None:
    """As the job has counted it."""

    def make(session: WriteSession) -> None:
        service_of_code(session, service).used = int(times)

    await world.write(make)
