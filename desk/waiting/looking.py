"""Looks through what is free already for those who just began to wait, want it anew, or whose next day just opened.

What is found is kept and then offered in the order of the line, as any place that became free.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from desk.calendar import TEHRAN, instant_of, local_day_of, weekdays_in
from desk.capacity.bookable import OPENING, is_not_drawn
from desk.capacity.models import Queue, QueueService, Slot
from desk.capacity.quotas import SERVICE, has_room, left_of
from desk.capacity.rules import TIME_TO_COME, WINDOW, WINDOW_DAYS, opens_on
from desk.capacity.together import FreePlace, together
from desk.catalogue.models import Service
from desk.catalogue.queries import TAKES_APPOINTMENTS
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.quiet import after_the_night
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.values import LocalDay
from desk.waiting.keeping import IS_WAITING, PLACES_ASKED, keep_places, places, requests
from desk.waiting.matching import HAS_OFFER, match, refused_slots
from desk.waiting.offer_rules import BEFORE_OPENING
from desk.waiting.opened_days import give_opened_days
from desk.waiting.rules import EVERY_PART, PART_HOURS, DayPart, part_bits, parts_in

BATCH = 500
"""Kept places that are decided about in one transaction."""
LOOKED_AT_ONCE = 100
"""Requests for which is looked in one transaction."""
SETTLED_AT_ONCE = 1000
"""Requests of which one statement says whether anything is free that they may fit."""
_MOST_SLOTS = 1000

_services, _chats, _offices = table_of(Service), table_of(Conversation), table_of(Office)
_slots, _queues, _links = table_of(Slot), table_of(Queue), table_of(QueueService)
_WAITED_FOR = select(*_services.c["id", "days_ahead", "opens_at"]).where(
    TAKES_APPOINTMENTS, exists().where(IS_WAITING, requests.c.service_id == _services.c.id)
)
_LAST = bindparam("last", type_=requests.c.until_day.type)
_OPEN_FOR_IT: tuple[ColumnElement[bool], ...] = (
    _links.c.service_id + 0 == requests.c.service_id,  # else SQLite reads all queues of the service for each request
    literal_column("slots.is_open"),
    _slots.c.day.between(requests.c.from_day, requests.c.until_day),
    _slots.c.day <= _LAST,
    or_(requests.c.looked_until.is_(None), _slots.c.day > requests.c.looked_until),
    has_room(_slots.c.queue_id, requests.c.service_id, _slots.c.day),
)
_AT_AN_OFFICE = (
    select(_slots.c.id)
    .join_from(places, _queues, _queues.c.office_id == places.c.office_id)
    .join(_links, _links.c.queue_id == _queues.c.id)
    .join(_slots, _slots.c.queue_id == _queues.c.id)
    .where(places.c.request_id == requests.c.id, *_OPEN_FOR_IT)
    .correlate(requests)
)
_IN_A_PROVINCE = (
    select(_slots.c.id)
    .join_from(places, _offices, _offices.c.province_code == places.c.province_code)
    .join(_queues, _queues.c.office_id == _offices.c.id)
    .join(_links, _links.c.queue_id == _queues.c.id)
    .join(_slots, _slots.c.queue_id == _queues.c.id)
    .where(places.c.request_id == requests.c.id, *_OPEN_FOR_IT)
    .correlate(requests)
)
_MAY_FIND = or_(exists(_AT_AN_OFFICE), exists(_IN_A_PROVINCE))
"""Whether a time is open at one of its places on one of its days: of all others nothing more is asked."""
_TO_LOOK_FOR = (
    select(
        *requests.c["id", "weekdays", "parts", "from_day", "until_day", "looked_until"],
        PLACES_ASKED.label("places"),
        _MAY_FIND.label("may_find"),
    )
    .join_from(requests, _chats, _chats.c.id == requests.c.conversation_id)
    .where(
        IS_WAITING,
        requests.c.service_id == bindparam("service"),
        _chats.c.reachable,
        ~HAS_OFFER,
        requests.c.from_day <= _LAST,
        or_(
            requests.c.looked_until.is_(None),
            and_(requests.c.looked_until < _LAST, requests.c.looked_until < requests.c.until_day),
        ),
    )
    .order_by(requests.c.rank_at, requests.c.id)
    .limit(bindparam("most", type_=Integer))
)
_WISHED_HERE = exists().where(
    places.c.request_id == bindparam("request"),
    or_(places.c.office_id == _offices.c.id, places.c.province_code == _offices.c.province_code),
)
_FREE = (
    select(
        *_slots.c["id", "queue_id", "day", "starts_at", "minutes", "remaining"],
        _offices.c.zone,
        *OPENING,
        left_of(_slots.c.queue_id, SERVICE, _slots.c.day).label("left"),
    )
    .join_from(_slots, _queues, _queues.c.id == _slots.c.queue_id)
    .join(_links, _links.c.queue_id == _queues.c.id)
    .join(_services, _services.c.id == _links.c.service_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(
        literal_column("slots.is_open"),
        _slots.c.day.in_(bindparam("days", expanding=True, type_=_slots.c.day.type)),
        _links.c.service_id == bindparam("service"),
        _links.c.is_active.is_(True),
        _queues.c.is_active.is_(True),
        _offices.c.is_active.is_(True),
        is_not_drawn(_slots),
        has_room(_slots.c.queue_id, SERVICE, _slots.c.day),
        _WISHED_HERE,
    )
    .order_by(_slots.c.day, _slots.c.queue_id, _slots.c.starts_at)
    .limit(bindparam("most", type_=Integer))
)
_IS_AFTER = tuple_(_slots.c.day, _slots.c.queue_id, _slots.c.starts_at) > tuple_(
    bindparam("after_day", type_=_slots.c.day.type),
    bindparam("after_queue", type_=_slots.c.queue_id.type),
    bindparam("after_start", type_=_slots.c.starts_at.type),
)
_ZONES = select(_offices.c.zone).distinct().where(_offices.c.is_active.is_(True)).order_by(_offices.c.zone)
_LOOKED = (
    update(requests)
    .where(requests.c.id.in_(bindparam("looked", expanding=True)))
    .values(looked_until=_LAST, looked_from=bindparam("first_start", type_=requests.c.looked_from.type))
)


class _Service(NamedTuple):
    id: int
    days_ahead: int | None
    opens_at: int | None

    def last_day(self, *, now: datetime) -> date:
        """The last day that is open by the clock of Tehran, or is just opening; at most the last that is made.

        An office may open it later: then it is looked at again when it does (`desk.waiting.opened_days`).
        """
        made = local_day_of(now).plus(WINDOW_DAYS - 1)
        if self.days_ahead is None:
            return made.date
        opened = local_day_of(now + BEFORE_OPENING - timedelta(minutes=self.opens_at or 0)).plus(self.days_ahead)
        return min(made, opened).date


def offer_places(session: WriteSession, *, now: datetime, limit: int = BATCH) -> int:
    """Look for those who were not looked for yet, and decide about what is kept; how many of both."""
    looked = give_opened_days(session, now=now, limit=LOOKED_AT_ONCE)
    looked += look_around(session, now=now, limit=LOOKED_AT_ONCE)
    return looked + match(session, now=now, limit=limit)


def look_around(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Keep free places for requests that they fit; returns for how many requests it looked.

    On the morning of a new day all who wait are looked for: where nothing is open for them, in one statement for many.
    """
    looked = 0
    for service in [_Service._make(row) for row in session.execute(_WAITED_FOR)]:
        asked = {"service": service.id, "last": service.last_day(now=now), "most": SETTLED_AT_ONCE}
        found = session.execute(_TO_LOOK_FOR, asked).all()
        none = [request.id for request in found if not request.may_find]
        some = [request for request in found if request.may_find][:limit]
        for request in some:
            kept = _find(session, request, service, now=now)
            for place in kept or ():
                keep_places(session, slot_id=place.slot_id, most=1)
            if kept is None:
                none.append(request.id)
        if none:
            told = {"looked": none, "last": asked["last"], "first_start": _first_start(now)}
            session.connection().execute(_LOOKED, told)
        looked += len(found)
        limit -= len(some)
        if limit <= 0:
            break
    return looked


def _find(session: Session, request: Any, service: _Service, *, now: datetime) -> list[FreePlace] | None:
    """The first free places that fit the request; None = there are none."""
    first = max(request.from_day, local_day_of(now).date)
    if request.looked_until is not None:
        first = max(first, request.looked_until + timedelta(days=1))
    last, wished = min(request.until_day, service.last_day(now=now)), weekdays_in(request.weekdays)
    ahead = (first + timedelta(days=number) for number in range((last - first).days + 1))
    days = [day for day in ahead if LocalDay(day).weekday in wished]
    if not days:
        return None
    statement = _FREE
    if request.parts != part_bits(EVERY_PART):
        statement = _FREE.where(_in_parts(session, days, parts_in(request.parts)))
    asked = {"days": days, "service": service.id, "request": request.id, "most": _MOST_SLOTS}
    for free in _by_queue_and_day(session, statement, asked):
        refused = refused_slots(session, [slot.id for slot in free], now=now)
        for _key, group in groupby(free, key=_queue_and_day):
            left = [slot for slot in group if (request.id, slot.id) not in refused and _can_be_offered(slot, now=now)]
            if left and left[0].left is not None and left[0].left < request.places:
                continue  # the quota of the day leaves too few
            chosen = together(_places(left, most=request.places), request.places)
            if chosen is not None:
                return chosen
    return None


def _by_queue_and_day(session: Session, statement: Select[Any], asked: dict[str, Any]) -> Iterator[list[Any]]:
    """What is free, some starts at once, and those of one queue and day always together.

    All of it: starts that are too small for the request, or that it let go, never hide one that fits behind them.
    """
    free: list[Any] = list(session.execute(statement, asked))
    while len(free) >= asked["most"]:
        last = free[-1]
        whole = [slot for slot in free if _queue_and_day(slot) != _queue_and_day(last)]
        if whole:
            yield whole
        cut = free[len(whole) :]
        after = {"after_day": last.day, "after_queue": last.queue_id, "after_start": last.starts_at}
        more = list(session.execute(statement.where(_IS_AFTER), asked | after))
        if not more:
            free = cut
            break
        free = cut + more
    if free:
        yield free


def _queue_and_day(slot: Any) -> tuple[date, int]:
    return slot.day, slot.queue_id


def _in_parts(session: Session, days: Sequence[date], parts: Collection[DayPart]) -> ColumnElement[bool]:
    """Whether a start lies in one of these parts of one of these days, by the clock of its office.

    Asked of the statement, so that its limit never hides a start that fits behind those that do not.
    """
    starts = _slots.c.starts_at
    hours = [PART_HOURS[part] for part in parts]
    return or_(
        *(
            and_(
                _offices.c.zone == zone,
                starts >= instant_of(LocalDay(day), minutes=first, zone=zone),
                starts < instant_of(LocalDay(day), minutes=end, zone=zone),
            )
            for zone in session.scalars(_ZONES).all()
            for day in days
            for first, end in hours
        )
    )


def _places(slots: Sequence[Any], *, most: int) -> list[FreePlace]:
    return [
        FreePlace(0, slot.id, slot.starts_at, slot.minutes) for slot in slots for _ in range(min(slot.remaining, most))
    ]


def _can_be_offered(slot: Any, *, now: datetime) -> bool:
    """Whether the place would be offered: its day opens, and there is time to be told, to answer and to come."""
    if slot.days_ahead is not None:
        opens = opens_on(slot.day, days_ahead=slot.days_ahead, opens_at=slot.opens_at, zone=slot.zone)
        if opens > now + BEFORE_OPENING:
            return False
    return bool(_first_start(now, zone=slot.zone) <= slot.starts_at <= now + WINDOW)


def _first_start(now: datetime, *, zone: str = TEHRAN) -> datetime:
    """The earliest start to which somebody who is told by day can still come."""
    return after_the_night(now, zone=zone) + TIME_TO_COME
