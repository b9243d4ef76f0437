"""Lines of the transcripts about what is announced of a service."""

from __future__ import annotations

from desk.catalogue.models import ServicePaper
from desk.language.text import Localised
from desk.people.rules import DocumentKind
from desk.storage.base import WriteSession
from tests import makers
from tests.transcripts.world import World, line, service_of_code


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
