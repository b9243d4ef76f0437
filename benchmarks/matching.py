"""Offering 2,000 places that became free to 50,000 requests that wait: how long it takes, and how much memory.

The requests are those of a nation: 31 provinces, 1,000 offices, ten services; most want one to three offices, the
others a whole province, on some weekdays and at some parts of the day. Each run is a process of its own, so that the
memory is that of matching alone.
"""

from __future__ import annotations

import asyncio
import random
import resource
from collections.abc import Iterator, Sequence
from datetime import timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.databases import in_processes
from benchmarks.figures import Figure, Rounds
from desk.capacity.models import Slot, SlotStatus
from desk.places.counting import swap_places
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from desk.waiting.looking import BATCH, offer_places
from desk.waiting.models import Offer, StandingRequest, StandingRequestPerson, StandingRequestPlace
from desk.waiting.rules import RequestState
from tests.keys import KEYS
from tests.makers import NOW, TODAY, at, make_conversation, make_office, make_person, make_queue, make_service

PROVINCES, OFFICES, SERVICES = 31, 1_000, 10
REQUESTS, PLACES = 50_000, 2_000
DAYS = 30
AT_ONCE = 100
"""Places that are given back in one transaction."""
MOST_SECONDS, MOST_MEGABYTES = 10.0, 300.0


def measure(*, rounds: int) -> Iterator[Figure]:
    """The figures of both databases."""
    for name, taken in in_processes(run, fill=_fill, rounds=rounds):
        matching, freeing, megabytes, offers = zip(*taken, strict=True)
        note = f"{offers[0]:.0f} offers were made"
        yield Figure(f"matching {name}", Rounds.of(matching), "s", must=MOST_SECONDS, note=note)
        yield Figure(f"matching {name}, memory", Rounds.of(megabytes), "MB", must=MOST_MEGABYTES)
        yield Figure(f"giving back before it {name}", Rounds.of(freeing), "s")


Taken = tuple[float, float, float, float]
"""Seconds of matching and of giving back, the most megabytes of the process, and the offers."""


def run(url: str) -> Taken:
    """Give back all places and offer them, as the job does."""
    return asyncio.run(_run(url))


async def _run(url: str) -> Taken:
    async with Storage(url, keys=KEYS) as storage:
        slots = await storage.read(lambda session: session.scalars(select(Slot.id).order_by(Slot.id)).all())
        begun = perf_counter()
        for first in range(0, len(slots), AT_ONCE):
            await storage.write(_give_back, slots=slots[first : first + AT_ONCE])
        freed = perf_counter() - begun
        begun = perf_counter()
        while await storage.write(offer_places, now=NOW, limit=BATCH):
            pass
        took = perf_counter() - begun
        offers = await storage.read(lambda session: session.scalar(select(func.count()).select_from(Offer)))
    if not offers:
        raise RuntimeError("Nothing was offered, so its time says nothing.")
    return took, freed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, float(offers)


def _give_back(session: WriteSession, *, slots: Sequence[int]) -> None:
    claims = table_of(Claim)
    session.execute(claims.delete().where(claims.c.slot_id.in_(slots)))
    swap_places(session, given_back=slots)


async def _fill(url: str) -> None:
    async with Storage(url, keys=KEYS) as storage:
        await storage.write(_desk)


def _desk(session: WriteSession) -> None:
    """The offices, a full slot for each place that becomes free, and everybody who waits."""
    chance = random.Random(1405)  # the same nation each time
    services = [make_service(session) for _ in range(SERVICES)]
    offices = [make_office(session, code=f"M-{n}", province_code=f"IR-{n % PROVINCES:02d}") for n in range(OFFICES)]
    queues = [make_queue(session, office=office, services=services).id for office in offices]
    slots: list[dict[str, Any]] = []
    taken: set[tuple[int, int, int]] = set()
    while len(slots) < PLACES:
        place = (chance.randrange(OFFICES), chance.randrange(1, DAYS), chance.randrange(8, 18))
        if place in taken:
            continue
        taken.add(place)
        day = TODAY + timedelta(days=place[1])
        slots.append(
            {"id": len(slots) + 1, "queue_id": queues[place[0]], "starts_at": at(day, hour=place[2]), "day": day}
            | {"minutes": 15, "planned": 1, "capacity": 1, "remaining": 0, "status": SlotStatus.LIVE}
            | {"is_open": False, "rule_version": 1}
        )
    session.execute(insert(table_of(Slot)), slots)
    claimed = {"kind": ClaimKind.SHARE, "nth": 1, "conversation_id": None, "expires_at": None}
    rows = [{**claimed, "slot_id": slot["id"], "holder": f"bench:{slot['id']}"} for slot in slots]
    session.execute(insert(table_of(Claim)), rows)
    chat = make_conversation(session)
    person = make_person(session, conversation=chat)
    _wait(session, chance, chat.id, person.id, [each.id for each in services], [each.id for each in offices])


def _wait(
    session: WriteSession, chance: random.Random, chat_id: int, person_id: int, services: list[int], offices: list[int]
) -> None:
    requests, places = [], []
    for id in range(1, REQUESTS + 1):
        since = NOW - timedelta(minutes=chance.randrange(1, 60 * 24 * 20))
        first = TODAY + timedelta(days=chance.randrange(10))
        requests.append(
            {"id": id, "public_id": f"B{id:015d}", "idem_key": f"bench:{id}", "conversation_id": chat_id, "people": 1}
            | {"service_id": chance.choice(services), "state": RequestState.WAITING, "is_waiting": True}
            | {"since": since, "rank_at": since, "weekdays": chance.randrange(1, 128), "parts": chance.randrange(1, 8)}
            | {"from_day": first, "until_day": first + timedelta(days=chance.randrange(40)), "lapses": 0}
            | {"looked_until": TODAY + timedelta(days=90)}
        )
        province = chance.randrange(PROVINCES)
        if chance.random() < 0.4:
            places.append({"request_id": id, "office_id": None, "province_code": f"IR-{province:02d}"})
            continue
        nearby = [offices[n] for n in range(province, OFFICES, PROVINCES)]
        for office_id in chance.sample(nearby, chance.randrange(1, 4)):
            places.append({"request_id": id, "office_id": office_id, "province_code": None})
    session.execute(insert(table_of(StandingRequest)), requests)
    session.execute(insert(table_of(StandingRequestPlace)), places)
    # One person is enough for what is measured: nobody accepts.
    named = {"request_id": 1, "person_id": person_id, "nth": 1, "service_id": services[0]}
    session.execute(
        insert(table_of(StandingRequestPerson)), [{**named, "conversation_id": chat_id, "is_contested": False}]
    )
