"""Closing the list of a draw: its places become claims, its requests a list, and one hash over both is published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, insert, or_, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.calendar import weekdays_in
from desk.capacity.drawing import GIVING
from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.refusals import SlotTaken
from desk.draws.allotment import PlaceGroup
from desk.draws.history import DrawEvent, note
from desk.draws.models import DrawEntry, DrawGroup
from desk.draws.once_each import one_of_a_number, tell_unlisted
from desk.draws.order import DrawnRequest, lots_of
from desk.draws.preparing import set_values
from desk.draws.published import Announced, frozen_hash
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawState
from desk.offices.models import Office
from desk.places.counting import swap_places
from desk.places.models import Claim
from desk.places.quotas import OfDay, give_back, take_up_to
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.values import LocalDay
from desk.waiting.keeping import PLACES_ASKED
from desk.waiting.matching import part_bit
from desk.waiting.models import StandingRequest, StandingRequestPlace
from desk.waiting.rounds import holder_of_draw

AT_ONCE = 5000
"""Rows of one statement."""
_requests, _wished = table_of(StandingRequest), table_of(StandingRequestPlace)
_slots, _queues, _offices = (table_of(model) for model in (Slot, Queue, Office))
_claims, _groups, _entries = table_of(Claim), table_of(DrawGroup), table_of(DrawEntry)
_DAY = _slots.c.day.type
_STARTS = (
    select(
        *_slots.c["id", "queue_id", "day", "starts_at", "minutes", "remaining"],
        *_offices.c["zone", "code"],
        _offices.c.id.label("office_id"),
    )
    .join_from(_slots, _queues, _queues.c.id == _slots.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(
        _slots.c.queue_id.in_(bindparam("queues", expanding=True)),
        _slots.c.day.between(bindparam("first", type_=_DAY), bindparam("last", type_=_DAY)),
        _slots.c.status == SlotStatus.LIVE,
    )
    .order_by(_slots.c.day, _slots.c.queue_id, _slots.c.starts_at)
)
_HERE = or_(
    _wished.c.province_code == bindparam("province"),
    _wished.c.office_id.in_(select(_offices.c.id).where(_offices.c.province_code == bindparam("province"))),
)
_LISTED = select(
    *_requests.c["id", "public_id"],
    PLACES_ASKED.label("places"),
    *_requests.c["weekdays", "parts", "from_day", "until_day", "since", "class_id"],
).where(
    _requests.c.is_waiting,
    _requests.c.service_id == bindparam("service"),
    exists().where(_wished.c.request_id == _requests.c.id, _HERE),
)
_PLACES = (
    select(*_wished.c["request_id", "office_id", "province_code"])
    .join_from(_wished, _requests, _requests.c.id == _wished.c.request_id)
    .where(_requests.c.is_waiting, _requests.c.service_id == bindparam("service"), _HERE)
)


@dataclass(frozen=True, slots=True)
class _Group:
    """Starts that follow each other, and where they are."""

    queue_id: int
    office_id: int
    office: str
    day: date
    part: int
    starts: tuple[tuple[datetime, int, int], ...]
    """The instant, the places, and the slot of each."""

    @property
    def drawn(self) -> PlaceGroup:
        return PlaceGroup(
            self.office, self.day, tuple(at for at, _, _ in self.starts), tuple(number for _, number, _ in self.starts)
        )


def freeze(session: WriteSession, draw: DrawRow, *, now: datetime) -> None:
    """Close the list: from now on neither a place nor a request is added or taken away.

    All free places of its days become claims of the draw. Everybody who waits for the service in the province and
    whom a place may suit is listed, with the lots that their waiting gives them; also who has an offer at that moment,
    which they may decline.
    """
    groups = _take_places(session, draw)
    suited = list(_list(session, draw, groups, now=now))
    once = one_of_a_number(session, service_id=draw.service_id, rows=[row for row, _ in suited])
    tell_unlisted(session, draw, [row.id for row, _ in suited if row.id not in once], now=now)
    listed = [(row.id, request) for row, request in suited if row.id in once]
    connection = session.connection()
    rows = [
        {
            "draw_id": draw.id,
            "nth": nth,
            "queue_id": group.queue_id,
            "office_code": group.office,
            "day": group.day,
            "starts": [[at.isoformat(), number, slot_id] for at, number, slot_id in group.starts],
        }
        for nth, group in enumerate(groups)
    ]
    if rows:
        connection.execute(insert(_groups), rows)
    for some in _some(listed):
        connection.execute(insert(_entries), [_entry(draw.id, id, request) for id, request in some])
    hashed = frozen_hash(
        [request for _, request in listed],
        [group.drawn for group in groups],
        name=draw.name,
        announced=announced(draw),
        priority_share=draw.priority_share,
    )
    places = sum(number for group in groups for _, number, _ in group.starts)
    set_values(
        session,
        draw.id,
        state=DrawState.FROZEN,
        frozen_at=now,
        frozen_hash=hashed,
        listed=len(listed),
        places=places,
    )
    data = {"hash": hashed, "listed": len(listed), "places": places}
    note(
        session,
        DrawEvent.FROZEN,
        draw_id=draw.id,
        province_code=draw.province_code,
        actor=SYSTEM,
        data=data,
        now=now,
    )


def those_who_take_part(session: Session, draw: DrawRow, *, now: datetime) -> Iterator[list[dict[str, Any]]]:
    """Everybody who waits for the service in the province at this moment, as rows of a list without places."""
    of = {"service": draw.service_id, "province": draw.province_code}
    for some in session.execute(_LISTED, of).partitions(AT_ONCE):
        yield [
            _entry(
                draw.id,
                row.id,
                DrawnRequest(row.public_id, lots_of((now - row.since).days), row.places, row.class_id is not None),
            )
            for row in some
        ]


def announced(draw: DrawRow) -> Announced:
    """What was announced before the first request, as the file has it."""
    return Announced(
        system_hash=draw.system_hash,
        word_hash=draw.word_hash or "",
        figure_name=draw.figure_name,
        figure_digits=draw.figure_digits,
    )


def _take_places(session: WriteSession, draw: DrawRow) -> list[_Group]:
    """Take every free place of the days of the draw as a claim of it, and return them in groups, earliest first."""
    of = {"service": draw.service_id, "province": draw.province_code}
    giving = session.execute(GIVING, of).all()
    queues = [row.id for row in giving]
    with_quota = {row.id for row in giving if row.most_a_day is not None}
    asked = {"queues": queues, "first": draw.first_day, "last": draw.last_day}
    connection = session.connection()
    found, claims = [], []
    taken: dict[int, int] = defaultdict(int)
    for slot in connection.execute(_STARTS, asked).all() if queues else ():
        of_day = OfDay(slot.queue_id, draw.service_id, slot.day) if slot.queue_id in with_quota else None
        places = _take(session, slot, of_day)
        found.append((slot, places))
        for _ in range(places):
            taken[slot.queue_id] += 1
            claims.append(
                {
                    "kind": ClaimKind.DRAWN,
                    "slot_id": slot.id,
                    "holder": f"{holder_of_draw(draw.id)}queue:{slot.queue_id}",
                    "nth": taken[slot.queue_id],
                    "expires_at": slot.starts_at,
                    "counts_for": None if of_day is None else draw.service_id,
                }
            )
    for some in _some(claims):
        connection.execute(insert(_claims), some)
    groups = [each for each in _grouped(found) if any(number for _, number, _ in each.starts)]
    return sorted(groups, key=lambda each: (each.starts[0][0], each.office, each.queue_id))


def _take(session: WriteSession, slot: Any, of_day: OfDay | None) -> int:
    """Take all that is free of a slot, or as much as the quota of the day allows; returns how many places that is."""
    places = int(slot.remaining)
    if of_day is not None:
        places = take_up_to(session.connection(), of_day, places=places)
    try:
        swap_places(session, taken=[slot.id] * places)
    except SlotTaken:  # somebody took one at this moment
        if of_day is not None:
            give_back(session.connection(), of_day, places=places)
        return 0
    return places


def _grouped(found: Iterable[tuple[Any, int]]) -> Iterator[_Group]:
    """Starts of one queue, day and part of the day, as long as each begins when the one before it ends."""
    group: list[tuple[Any, int]] = []
    for slot, places in found:
        if group and not _follows(group[-1][0], slot):
            yield _group(group)
            group = []
        group.append((slot, places))
    if group:
        yield _group(group)


def _follows(before: Any, slot: Any) -> bool:
    return (
        (before.queue_id, before.day) == (slot.queue_id, slot.day)
        and slot.starts_at - before.starts_at <= timedelta(minutes=before.minutes)
        and part_bit(before.starts_at, zone=before.zone) == part_bit(slot.starts_at, zone=slot.zone)
    )


def _group(slots: Sequence[tuple[Any, int]]) -> _Group:
    first = slots[0][0]
    return _Group(
        first.queue_id,
        first.office_id,
        first.code,
        first.day,
        part_bit(first.starts_at, zone=first.zone),
        tuple((slot.starts_at, places, slot.id) for slot, places in slots),
    )


def _list(
    session: Session, draw: DrawRow, groups: Sequence[_Group], *, now: datetime
) -> Iterator[tuple[Any, DrawnRequest]]:
    """Those who take part; a request that suits no group is not listed, and waits on as before."""
    of = {"service": draw.service_id, "province": draw.province_code}
    where: dict[int, set[int] | None] = {}
    for wished in session.execute(_PLACES, of):
        if wished.office_id is None:
            where[wished.request_id] = None
        else:
            offices = where.setdefault(wished.request_id, set())
            if offices is not None:
                offices.add(wished.office_id)
    there = _by_office(groups)
    suits: dict[Any, tuple[int, ...] | None] = {}
    for row in session.execute(_LISTED, of):
        offices = where.get(row.id)
        key = (row.weekdays, row.parts, row.from_day, row.until_day, None if offices is None else frozenset(offices))
        if key not in suits:
            suits[key] = _suiting(
                there,
                len(groups),
                weekdays=row.weekdays,
                parts=row.parts,
                from_day=row.from_day,
                until_day=row.until_day,
                offices=key[-1],
            )
        suiting = suits[key]
        if suiting is not None:
            lots = lots_of((now - row.since).days)
            yield row, DrawnRequest(row.public_id, lots, row.places, row.class_id is not None, suiting)


class _Times(NamedTuple):
    """A group as a wish looks at it."""

    nth: int
    day: date
    weekday: int
    part: int


def _by_office(groups: Sequence[_Group]) -> dict[int, list[_Times]]:
    """The groups of each office: a wish for three offices does not look at those of a whole province."""
    found: dict[int, list[_Times]] = defaultdict(list)
    for nth, group in enumerate(groups):
        found[group.office_id].append(_Times(nth, group.day, LocalDay(group.day).weekday, group.part))
    return found


def _suiting(
    there: Mapping[int, Sequence[_Times]],
    all_groups: int,
    *,
    weekdays: int,
    parts: int,
    from_day: date,
    until_day: date,
    offices: frozenset[int] | None,
) -> tuple[int, ...] | None:
    """The groups that meet a wish, in their order; () = all, None = none."""
    wished = weekdays_in(weekdays)
    found = sorted(
        each.nth
        for office in (there if offices is None else offices & there.keys())
        for each in there[office]
        if each.part & parts and each.weekday in wished and from_day <= each.day <= until_day
    )
    if not found:
        return None
    return () if len(found) == all_groups else tuple(found)


def _entry(draw_id: int, request_id: int, request: DrawnRequest) -> dict[str, Any]:
    return {
        "draw_id": draw_id,
        "public_id": request.id,
        "request_id": request_id,
        "lots": request.lots,
        "people": request.people,
        "has_priority": request.has_priority,
        "groups": list(request.groups),
        "position": None,
        "places": None,
        "is_asked": False,
        "is_told": False,
    }


def _some(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE))
