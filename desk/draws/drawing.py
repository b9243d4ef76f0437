"""Drawing: the order and the places that the seed gives are written in batches, and become visible all at once."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.draws.allotment import Allotted, DrawnPlace, PlaceGroup, allot
from desk.draws.freezing import announced
from desk.draws.history import DrawEvent, note
from desk.draws.models import DrawEntry, DrawFile, DrawGroup
from desk.draws.order import DrawnRequest, in_order
from desk.draws.preparing import set_values
from desk.draws.published import PublishedDraw, written
from desk.draws.revealing import part_of
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawState
from desk.draws.seeds import SeedParts, seed_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

BATCH = 25_000
"""Requests whose places in the order are written in one transaction; each computes the whole order."""
_groups, _entries = table_of(DrawGroup), table_of(DrawEntry)
_LIST = (
    select(*_entries.c["public_id", "lots", "people", "has_priority", "groups"])
    .where(_entries.c.draw_id == bindparam("draw"))
    .order_by(_entries.c.public_id)
)
_GROUPS = (
    select(*_groups.c["office_code", "day", "starts"])
    .where(_groups.c.draw_id == bindparam("draw"))
    .order_by(_groups.c.nth)
)
_SET = (
    update(_entries)
    .where(_entries.c.draw_id == bindparam("draw"), _entries.c.public_id == bindparam("id"))
    .values(position=bindparam("at"), places=bindparam("drawn", type_=_entries.c.places.type))
)
_RESULTS = select(*_entries.c["public_id", "places"]).where(
    _entries.c.draw_id == bindparam("draw"), _entries.c.places.is_not(None)
)


def draw_some(session: WriteSession, draw: DrawRow, *, limit: int, now: datetime) -> None:
    """Write the next `limit` places of the order; with the last of them the result becomes visible to everybody.

    Who looks before that sees how far it is, and nothing of it.
    """
    parts = SeedParts(part_of(session, draw), draw.word, draw.figure or "")
    requests, groups = listed(session, draw.id), groups_of(session, draw.id)
    order = in_order(requests, seed=seed_of(parts))
    results = allot(order, groups, priority_share=draw.priority_share)
    batch = order[draw.done : draw.done + limit]
    if batch:
        rows = [
            {"draw": draw.id, "id": request.id, "at": at, "drawn": _plain(results, request.id)}
            for at, request in enumerate(batch, start=draw.done + 1)
        ]
        session.connection().execute(_SET, rows)
    done = draw.done + len(batch)
    set_values(session, draw.id, done=done)
    if done < len(order):
        return
    published = PublishedDraw(
        name=draw.name,
        announced=announced(draw),
        parts=parts,
        frozen_hash=draw.frozen_hash or "",
        requests=tuple(requests),
        groups=tuple(groups),
        priority_share=draw.priority_share,
        results=results,
    )
    body = gzip.compress(written(published).encode(), compresslevel=6, mtime=0)
    session.connection().execute(insert(table_of(DrawFile)), {"draw_id": draw.id, "body": body})
    set_values(session, draw.id, state=DrawState.DRAWN, published_at=now)
    data = {"listed": len(order), "drawn": len(results), "places": sum(map(len, results.values()))}
    note(session, DrawEvent.DRAWN, draw_id=draw.id, province_code=draw.province_code, actor=SYSTEM, data=data, now=now)


def listed(session: Session, draw_id: int) -> list[DrawnRequest]:
    """The frozen list, by the ids."""
    known: dict[tuple[int, ...], tuple[int, ...]] = {}
    return [
        DrawnRequest(row[0], row[1], row[2], row[3], known.setdefault(suiting := tuple(row[4]), suiting))
        for row in session.execute(_LIST, {"draw": draw_id})
    ]


def groups_of(session: Session, draw_id: int) -> list[PlaceGroup]:
    """The frozen places."""
    return [
        PlaceGroup(
            office=row.office_code,
            day=row.day,
            times=tuple(datetime.fromisoformat(at).astimezone(UTC) for at, _places, _slot in row.starts),
            places=tuple(places for _at, places, _slot in row.starts),
        )
        for row in session.execute(_GROUPS, {"draw": draw_id})
    ]


def slots_of(session: Session, draw_id: int) -> list[list[int]]:
    """By group and start the slot."""
    return [[slot for _at, _places, slot in row.starts] for row in session.execute(_GROUPS, {"draw": draw_id})]


def stored_results(session: Session, draw_id: int) -> Allotted:
    """What is stored of who was drawn which place."""
    return {
        row.public_id: tuple(DrawnPlace(group, time) for group, time in row.places)
        for row in session.execute(_RESULTS, {"draw": draw_id})
    }


def _plain(results: Allotted, request_id: str) -> list[list[int]] | None:
    found = results.get(request_id)
    return None if found is None else [[place.group, place.time] for place in found]
