"""The starting data and the queries people meet first, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from desk.capacity.offering import offering
from desk.capacity.queries import first_free, free_days, free_times, soonest_elsewhere
from desk.catalogue.queries import card_by_code, search
from desk.offices.queries import active_offices, nearest, provinces
from desk.offices.queries import search as search_offices
from desk.places.queries import grid
from desk.seed import load
from desk.storage.engine import Storage
from desk.values import GeoPoint, Money
from desk.verify import verify
from tests.makers import NOW, TODAY

SEED: dict[str, Any] = {"today": TODAY, "now": NOW, "demo": True, "demo_password": "Sabz-o-rovan-1405"}
KARAJ = GeoPoint(35.83, 50.99)


def _first_look(session: Session) -> dict[str, Any]:
    """What somebody in Karaj sees on the way to an appointment, without the ids, which differ."""
    card = card_by_code(session, code="identity-verification", today=TODAY)
    assert card is not None
    assert card.fee is not None
    offices = active_offices(session, only=offering(card.id))
    ids = [office.id for office in offices]
    [(here, _), *_] = nearest(session, point=KARAJ, only=offering(card.id))
    days = free_days(session, service_id=card.id, office_id=here.id, after=NOW)
    times = free_times(session, service_id=card.id, office_id=here.id, day=days[1].day, after=NOW)
    elsewhere = soonest_elsewhere(
        session, service_id=card.id, near=KARAJ, province_code=None, except_office=here.id, after=NOW
    )
    return {
        "fee": replace(card.fee, id=0, service_id=0),
        "offices": [office.code for office in offices],
        "provinces": [(row.code, row.offices) for row in provinces(session)],
        "here": here.code,
        "found": [row.code for row in search_offices(session, words="زعفران مشهد")],
        "services": [row.code for row in search(session, words="کارت آمایش")],
        "first": [slot.starts_at for slot in first_free(session, service_id=card.id, office_ids=ids, after=NOW)],
        "days": [(day.day, day.free, day.first.starts_at) for day in days],
        "times": [(slot.starts_at, slot.remaining) for slot in times],
        "elsewhere": [(each.office.code, each.slot.starts_at, round(each.km or 0, 3)) for each in elsewhere],
        "grid": [
            (cell.day, cell.capacity, cell.free) for cell in grid(session, office_id=here.id, from_day=TODAY, days=9)
        ],
    }


async def test_the_demo_looks_the_same_on_both_databases(storage: Storage) -> None:
    await storage.write(load, **SEED)
    again = await storage.write(load, **SEED)
    assert (again.services, again.holidays, again.offices, again.slots, again.members) == (0, 0, 0, 0, ())
    assert await storage.read(verify) == []

    seen = await storage.read(_first_look)
    assert seen["fee"].amount == Money(270_000)
    assert seen["here"] == "72-1102"
    assert sorted(seen["offices"]) == ["72-1102", "72-2041", "72-3309"]
    assert seen["provinces"][:3] == [("IR-30", 2), ("IR-23", 2), ("IR-09", 2)]
    assert seen["found"] == ["72-3309"]
    assert seen["services"][0] == "amayesh-renewal"
    assert seen["first"] == sorted(seen["first"])
    assert [day.isoformat() for day, *_ in seen["days"]] == [
        "2026-11-21",
        "2026-11-22",
        "2026-11-23",
        "2026-11-24",
        "2026-11-25",
        "2026-11-26",
    ]
    free = [free for _, free, _ in seen["days"]]
    assert free == [35, 55, 55, 55, 53, 37], "a fifth of each day is set apart for people without an appointment"
    assert len(seen["times"]) == 24
    assert [code for code, *_ in seen["elsewhere"]] == ["72-2041", "72-3309"]
    assert [capacity for _, capacity, _ in seen["grid"]][:8] == [72, 72, 72, 72, 72, 48, 0, 72]
