"""Somebody with an appointment at an office beyond the reach of the clerk, and what asking for them leaves."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desk.capacity.models import Queue
from desk.catalogue.models import Service
from desk.events.models import Event
from desk.people.rules import DocumentKind
from desk.staff.models import StaffMember
from desk.storage.base import ReadSession, WriteSession
from tests import makers
from tests.backoffice.conftest import IDENTITY_KEY, Site
from tests.weak_hashes import digest


async def booked_there(site: Site, *, number: str) -> None:
    """Their live turn, on this number of a residence card."""

    def book(session: WriteSession) -> None:
        mark = digest(number, kind=DocumentKind.AMAYESH, key=IDENTITY_KEY)
        queue = session.get_one(Queue, site.world.other_queue)
        makers.make_appointment(
            session,
            slot=makers.make_slot(session, queue=queue, starts_at=makers.at(hour=7, minute=1) + timedelta(days=5)),
            service=session.get_one(Service, site.world.service),
            person=makers.make_person(session, identity_hash=mark.hash, last4=mark.last4),
            conversation=makers.make_conversation(session),
        )

    await site.storage.write(book)


async def misses_of_clerk(site: Site) -> tuple[int, int]:
    """Their searches without a result: as they are counted, and as the history has them."""

    def read(session: ReadSession) -> tuple[int, int]:
        counted = session.scalars(select(StaffMember.number_misses).where(StaffMember.username == "clerk")).one()
        events = session.scalars(select(Event.id).where(Event.kind == "appointment.not_found")).all()
        return counted, len(events)

    return await site.storage.read(read)
