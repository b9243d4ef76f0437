"""Keeps places that became free from those who only look, until it is decided who of those who wait is offered them.

One statement asks whether somebody waits for this service, office and day; where nobody does, nothing else happens.
Hours of the day and the place in the line are asked when the place is offered (`desk.waiting.matching`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SmallInteger,
    bindparam,
    case,
    exists,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Session

from desk.calendar import weekday_bits
from desk.capacity.models import DrawnService, QueueService, Slot
from desk.capacity.quotas import has_room
from desk.capacity.refusals import SlotTaken
from desk.catalogue.models import Service
from desk.offices.models import Office
from desk.parts import FreedPlaces
from desk.places.counting import swap_places
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.values import LocalDay
from desk.waiting.models import StandingRequest, StandingRequestPlace
from desk.waiting.rules import RequestState

requests, places = table_of(StandingRequest), table_of(StandingRequestPlace)
_links, _offices, _slots, _claims = (table_of(model) for model in (QueueService, Office, Slot, Claim))

_services = table_of(Service)
_ITS_SERVICE_IS_PER_HOUSEHOLD = (
    select(_services.c.is_per_household).where(_services.c.id == requests.c.service_id).scalar_subquery()
)
PLACES_ASKED: ColumnElement[int] = case((_ITS_SERVICE_IS_PER_HOUSEHOLD, 1), else_=requests.c.people)
"""How many places a request needs: one for each of its people, or one for all as its service says at this moment."""
MOST_KEPT = 500
"""Places of one day that are kept at once."""
IS_WAITING: ColumnElement[bool] = literal_column("standing_requests.is_waiting")
"""The bare flag: with `is_waiting = 1` SQLite would not use the partial index."""
_ITS_PROVINCE = select(_offices.c.province_code).where(_offices.c.id == bindparam("office")).scalar_subquery()
AT_THIS_OFFICE = (
    select(places.c.request_id)
    .where(places.c.office_id == bindparam("office"))
    .union(select(places.c.request_id).where(places.c.province_code == _ITS_PROVINCE))
    .subquery("wished_here")
)
"""The requests that wish the `office`, by itself or with its province: few of all that wait, by the indexes of places.

Statements begin with them. So they ask for the state and not for the bare flag, by which SQLite would read the whole
line of a service instead.
"""
WAITS_HERE: ColumnElement[bool] = requests.c.state == literal(RequestState.WAITING, requests.c.state.type)
ON_THIS_DAY: tuple[ColumnElement[bool], ...] = (
    requests.c.from_day <= bindparam("day", type_=requests.c.from_day.type),
    requests.c.until_day >= bindparam("day", type_=requests.c.from_day.type),
    requests.c.weekdays.op("&")(bindparam("weekday", type_=SmallInteger)) != 0,
)
"""Whether it wishes the `day`, whose bit `weekday` is."""
_SERVED = select(_links.c.service_id).where(_links.c.queue_id == bindparam("queue"), _links.c.is_active.is_(True))
_drawn = table_of(DrawnService)
_OPEN_TO_THEM = _SERVED.where(
    ~exists().where(
        _drawn.c.service_id == _links.c.service_id,
        _drawn.c.province_code == _ITS_PROVINCE,
        _drawn.c.last_open_day < bindparam("day", type_=_drawn.c.last_open_day.type),
    ),
    has_room(_links.c.queue_id, _links.c.service_id, bindparam("day", type_=_drawn.c.last_open_day.type)),
)
"""Of the services of the queue those whose places of this day are not drawn, and whose quota is not used up: those who
wait for the others are offered none."""
_WAITS = (
    select(PLACES_ASKED)
    .join_from(AT_THIS_OFFICE, requests, requests.c.id == AT_THIS_OFFICE.c.request_id)
    .where(WAITS_HERE, requests.c.service_id.in_(_OPEN_TO_THEM), *ON_THIS_DAY)
    .limit(bindparam("most"))
)
_OPEN = (
    select(_slots.c.id, _slots.c.remaining)
    .where(
        _slots.c.queue_id == bindparam("queue"),
        _slots.c.day == bindparam("day", type_=_slots.c.day.type),
        literal_column("slots.is_open"),
    )
    .order_by(_slots.c.starts_at)
)
_KEEP = insert(_claims).from_select(
    ["kind", "slot_id", "holder", "nth", "expires_at"],
    select(
        literal(ClaimKind.KEPT, _claims.c.kind.type),
        _slots.c.id,
        bindparam("holder", type_=_claims.c.holder.type),
        literal(1, SmallInteger),
        _slots.c.starts_at,
    ).where(_slots.c.id == bindparam("slot")),
)


_LOOK_ANEW = (
    update(requests)
    .where(requests.c.id.in_(select(AT_THIS_OFFICE.c.request_id)), WAITS_HERE, requests.c.service_id.in_(_SERVED))
    .values(looked_until=None)
)
_LOOK_FOR_HOUSEHOLDS = (
    update(requests)
    .where(
        requests.c.id.in_(select(AT_THIS_OFFICE.c.request_id)),
        WAITS_HERE,
        requests.c.service_id.in_(bindparam("services", expanding=True)),
        requests.c.people > 1,
        *ON_THIS_DAY,
    )
    .values(looked_until=None)
)


_LOOK_FOR = (
    update(requests)
    .where(WAITS_HERE, requests.c.service_id == bindparam("service"), requests.c.people > 1)
    .values(looked_until=None)
)


def of_day(day: date) -> dict[str, Any]:
    """The parameters of `ON_THIS_DAY`."""
    return {"day": day, "weekday": weekday_bits([LocalDay(day).weekday])}


def keep(session: WriteSession, freed: FreedPlaces) -> None:
    """Keep what became free, where somebody waits for a place of this queue and day."""
    if freed.day is None:  # a service more is given here: all that is free is looked through anew
        session.connection().execute(_LOOK_ANEW, {"queue": freed.queue_id, "office": freed.office_id})
        return
    most = freed.places if freed.slot_id is not None and freed.places is not None else MOST_KEPT
    asked = {"queue": freed.queue_id, "office": freed.office_id, "most": most, **of_day(freed.day)}
    wanted = session.connection().execute(_WAITS, asked).scalars().all()
    if not wanted:
        return
    if freed.slot_id is not None:
        keep_places(session, slot_id=freed.slot_id, most=most)
        return
    missing = sum(wanted)
    for slot in session.connection().execute(_OPEN, {"queue": freed.queue_id, "day": freed.day}).all():
        missing -= keep_places(session, slot_id=slot.id, most=min(missing, slot.remaining))
        if missing <= 0:
            break


def look_anew_for_households(session: Session, asked: Mapping[str, Any]) -> None:
    """Look again for those who wait together, with what is free beside a place that was too little for them.

    `asked` = the office, the services and the day.
    """
    session.connection().execute(_LOOK_FOR_HOUSEHOLDS, asked)


def look_anew_for(session: WriteSession, *, service_id: int) -> None:
    """Look again for all who wait together for this service: fewer places than before are enough for them."""
    session.connection().execute(_LOOK_FOR, {"service": service_id})


def keep_places(session: WriteSession, *, slot_id: int, most: int) -> int:
    """Keep at most so many free places of a slot; returns how many there were."""
    for kept in range(most):
        try:
            swap_places(session, taken=[slot_id])
        except SlotTaken:  # closed, or above its plan: then nothing became free
            return kept
        # A random holder: what is kept belongs to nobody yet, and of two at once each has its own.
        session.connection().execute(_KEEP, {"holder": f"kept:{secrets.token_hex(8)}", "slot": slot_id})
    return most
