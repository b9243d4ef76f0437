"""Which services stand first in the lists of applicants: by kind, and what is booked most."""

from __future__ import annotations

from datetime import timedelta

from desk.appointments.using import count_uses
from desk.catalogue import queries
from desk.catalogue.models import Service
from desk.catalogue.rules import ServiceChannel
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW, TODAY, at, make_appointment, make_queue, make_service, make_slot


def book(session: WriteSession, service: Service, *, times: int, day: int = 1) -> None:
    queue = make_queue(session, services=[service])
    for number in range(times):
        starts_at = at(TODAY + timedelta(days=day), hour=8 + number)
        make_appointment(session, slot=make_slot(session, queue=queue, starts_at=starts_at), service=service)


def listed(session: WriteSession, *, published_only: bool = True) -> list[int]:
    return [row.id for row in queries.services(session, published_only=published_only)]


async def test_what_is_booked_most_stands_first_and_what_is_alike_in_the_order_of_the_desk(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        first, second, third = (make_service(session) for _number in range(3))
        assert listed(session) == [first.id, second.id, third.id]
        book(session, second, times=2)
        book(session, third, times=2)
        book(session, first, times=1)
        assert count_uses(session, now=NOW, limit=100) == 3
        assert listed(session) == [second.id, third.id, first.id]
        assert listed(session, published_only=False) == [first.id, second.id, third.id], "staff see their own order"
        assert count_uses(session, now=NOW, limit=100) == 0, "nothing changed since"

    await storage.write(act)


async def test_services_of_one_kind_stand_together(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        desk, card, other = (
            make_service(session, channel=channel)
            for channel in (ServiceChannel.PISHKHAN, ServiceChannel.KEFALAT, ServiceChannel.PISHKHAN)
        )
        assert listed(session) == [desk.id, other.id, card.id]
        book(session, card, times=2)
        book(session, other, times=1)
        count_uses(session, now=NOW, limit=100)
        assert listed(session) == [card.id, other.id, desk.id]
        book(session, desk, times=2, day=2)
        count_uses(session, now=NOW, limit=100)
        assert listed(session) == [desk.id, other.id, card.id]

    await storage.write(act)


async def test_what_is_long_over_counts_no_more(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        first, second = make_service(session), make_service(session)
        book(session, second, times=1, day=-30)
        count_uses(session, now=NOW, limit=100)
        assert listed(session) == [second.id, first.id]
        assert count_uses(session, now=NOW + timedelta(days=1), limit=100) == 1
        assert listed(session) == [first.id, second.id]

    await storage.write(act)


async def test_it_is_counted_a_batch_at_a_time(storage: Storage) -> None:
    def act(session: WriteSession) -> None:
        for _number in range(3):
            book(session, make_service(session), times=1)
        assert [count_uses(session, now=NOW, limit=2) for _round in range(3)] == [2, 1, 0]

    await storage.write(act)
