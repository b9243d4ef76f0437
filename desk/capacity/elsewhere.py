"""Finding the soonest free slot of other offices, for somebody whose office has none or only a late one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from desk.capacity.free import AT_STARTS, ahead, first_of_queues
from desk.capacity.offering import offering
from desk.capacity.rows import Elsewhere, FreeSlot
from desk.offices.queries import active_offices, nearest, offices_by_id
from desk.values import GeoPoint

NEAR_ENOUGH = 10
"""How many of the nearest offices are searched first; where too few have a free slot, all are searched."""


def soonest_elsewhere(
    session: Session,
    *,
    service_id: int,
    near: GeoPoint | None,
    province_code: str | None,
    except_office: int | None,
    after: datetime,
    now: datetime | None = None,
    by_office: bool = False,
    limit: int = 3,
) -> list[Elsewhere]:
    """The soonest free slot of other offices, one for each office: the nearest offices first, then any.

    Where neither the nearest offices nor the province has one, all offices of the country are searched, those without a
    place on the map too. So an empty answer holds for the whole country. `now` as in `first_free`.
    """
    distance: dict[int, float] = {}
    if near is not None:
        near_by = nearest(session, point=near, only=offering(service_id), limit=NEAR_ENOUGH + 1)
        distance = {office.id: km for office, km in near_by}
        firsts = _firsts(
            session, service_id, list(distance), after, now=now, except_office=except_office, by_office=by_office
        )
    elif province_code is not None:
        offices = active_offices(session, only=offering(service_id), province_code=province_code)
        firsts = _firsts(
            session,
            service_id,
            [office.id for office in offices],
            after,
            now=now,
            except_office=except_office,
            by_office=by_office,
        )
    else:
        firsts = {}
    soonest = sorted(firsts, key=lambda office_id: (firsts[office_id], distance.get(office_id, 0.0), office_id))[:limit]
    if len(soonest) < limit:
        everywhere = _firsts(
            session, service_id, None, after, now=now, except_office=except_office, by_office=by_office
        )
        others = sorted(everywhere.keys() - set(soonest), key=lambda office_id: (everywhere[office_id], office_id))
        soonest += others[: limit - len(soonest)]
        firsts = everywhere | firsts
    rows = offices_by_id(session, office_ids=soonest)
    slots: dict[int, FreeSlot] = {}
    if soonest:
        found = session.execute(
            AT_STARTS,
            {
                "service": service_id,
                "offices": soonest,
                "starts": [firsts[office_id] for office_id in soonest],
                **ahead(after, now=now, by_office=by_office),
            },
        )
        for row in found:
            slot = FreeSlot(**row._mapping)
            if slot.starts_at == firsts[slot.office_id]:
                slots.setdefault(slot.office_id, slot)
    return [
        Elsewhere(office=rows[office_id], slot=slots[office_id], km=distance.get(office_id))
        for office_id in soonest
        if office_id in slots
    ]


def _firsts(
    session: Session,
    service_id: int,
    office_ids: Collection[int] | None,
    after: datetime,
    *,
    now: datetime | None,
    except_office: int | None,
    by_office: bool,
) -> dict[int, datetime]:
    """The first free start of each office but one."""
    firsts: dict[int, datetime] = {}
    for each in first_of_queues(session, service_id, office_ids, after, now=now, by_office=by_office):
        if each.office_id != except_office:
            firsts[each.office_id] = min(each.starts_at, firsts.get(each.office_id, each.starts_at))
    return firsts
