"""Reading standing requests: those of a chat, the line that one stands in, and the priority classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import quantiles
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from desk.calendar import weekdays_in
from desk.catalogue.models import Service
from desk.catalogue.queries import LISTED
from desk.catalogue.rows import ServiceRow
from desk.events.models import Event
from desk.offices.models import Office
from desk.offices.queries import offices_by_id
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of
from desk.waiting.history import ClassEvent
from desk.waiting.models import PriorityClass, StandingRequest, StandingRequestPerson, StandingRequestPlace
from desk.waiting.place_in_line import days_more
from desk.waiting.rows import LineNow, PriorityClassRow, RequestRow, StandingWish
from desk.waiting.rules import LIVE_REQUESTS, RequestState, parts_in

LATELY = timedelta(days=90)
FEWEST_FULFILLED = 5
"""Of fewer waits nothing is told: one long wait would count for all."""

_requests, _places = table_of(StandingRequest), table_of(StandingRequestPlace)
_people, _services, _offices = table_of(StandingRequestPerson), table_of(Service), table_of(Office)
_events = table_of(Event)


class _Own(NamedTuple):
    """The values of a request without its service."""

    id: int
    public_id: str
    state: RequestState
    since: datetime
    weekdays: int
    parts: int
    from_day: date
    until_day: date
    lapses: int
    rank_at: datetime


_OWN = columns_for(_Own, *(_requests.c[name] for name in _Own._fields))
_REQUESTS = select(*_OWN, *LISTED).join_from(_requests, _services, _services.c.id == _requests.c.service_id)
_ONE = _REQUESTS.where(_requests.c.id == bindparam("request"))
_OF_CHAT = _REQUESTS.where(
    _requests.c.conversation_id == bindparam("conversation"), _requests.c.state.in_(LIVE_REQUESTS)
).order_by(_requests.c.since, _requests.c.id)


def of_conversation(session: Session, *, conversation_id: int) -> list[RequestRow]:
    """The live requests of a chat, oldest first."""
    return _rows(session, session.execute(_OF_CHAT, {"conversation": conversation_id}).all())


def owned(session: Session, *, request_id: int, conversation_id: int) -> RequestRow | None:
    """The request of this id, in any state, where it is this chat's."""
    mine = _ONE.where(_requests.c.conversation_id == conversation_id)
    return next(iter(_rows(session, session.execute(mine, {"request": request_id}).all())), None)


def wish_of(session: Session, *, request_id: int) -> StandingWish:
    """What a request wishes."""
    return _rows(session, session.execute(_ONE, {"request": request_id}).all())[0].wish


def line(session: Session, *, request: RequestRow, now: datetime) -> LineNow:
    """The line of this request: who else waits for its service at one of its places. Two statements."""
    service_id, alike = request.service.id, _at_the_same_places(request.wish)
    its_rank = select(_requests.c.rank_at).where(_requests.c.id == request.id).scalar_subquery()
    is_before = or_(_requests.c.rank_at < its_rank, and_(_requests.c.rank_at == its_rank, _requests.c.id < request.id))
    others, ahead = session.execute(
        select(func.count(), func.count().filter(is_before)).where(
            _requests.c.is_waiting, _requests.c.service_id == service_id, _requests.c.id != request.id, alike
        )
    ).one()
    waits = session.execute(
        select(_requests.c.since, _requests.c.over_at)
        .where(
            _requests.c.service_id == service_id,
            _requests.c.state == RequestState.FULFILLED,
            _requests.c.over_at > now - LATELY,
            alike,
        )
        .limit(500)
    ).all()
    days = [(row.over_at - row.since) / timedelta(days=1) for row in waits]
    if len(days) < FEWEST_FULFILLED:
        return LineNow(others, ahead, None)
    first, _middle, third = quantiles(days, n=4, method="inclusive")
    return LineNow(others, ahead, (max(1, round(first)), max(1, round(third))))


def _at_the_same_places(wish: StandingWish) -> ColumnElement[bool]:
    """Whether a request wishes an office that this wish names too, by itself or within a province."""
    offices, provinces = list(wish.office_ids), list(wish.province_codes)
    in_provinces = select(_offices.c.id).where(_offices.c.province_code.in_(provinces))
    of_offices = select(_offices.c.province_code).where(_offices.c.id.in_(offices))
    return exists().where(
        _places.c.request_id == _requests.c.id,
        or_(
            _places.c.office_id.in_(offices),
            _places.c.office_id.in_(in_provinces),
            _places.c.province_code.in_(provinces),
            _places.c.province_code.in_(of_offices),
        ),
    )


def classes(session: Session, *, active_only: bool = True) -> list[PriorityClassRow]:
    """The priority classes by their code."""
    table = table_of(PriorityClass)
    found = select(*table.c["id", "code", "name", "days", "is_active"]).order_by(table.c.code)
    if active_only:
        found = found.where(table.c.is_active.is_(True))
    return [PriorityClassRow(*row) for row in session.execute(found)]


def classes_given(session: Session, *, since: datetime) -> dict[int, int]:
    """How often each class was given since then, by its id; also to requests that are erased by now."""
    found = session.execute(
        select(_events.c.subject, func.count())
        .where(_events.c.kind == ClassEvent.GIVEN, _events.c.at >= since)
        .group_by(_events.c.subject)
    )
    return {int(subject.partition(":")[2]): times for subject, times in found}


def classes_borne(session: Session) -> dict[int, int]:
    """How many live requests bear each class, by its id."""
    live = (_requests.c.class_id.is_not(None), _requests.c.state.in_(LIVE_REQUESTS))
    found = session.execute(select(_requests.c.class_id, func.count()).where(*live).group_by(_requests.c.class_id))
    return {row[0]: row[1] for row in found}


def _rows(session: Session, found: Sequence[Any]) -> list[RequestRow]:
    if not found:
        return []
    ids = [row[0] for row in found]
    offices, provinces = defaultdict(list), defaultdict(list)
    for row in session.execute(select(_places).where(_places.c.request_id.in_(ids)).order_by(_places.c.id)):
        if row.office_id is not None:
            offices[row.request_id].append(row.office_id)
        else:
            provinces[row.request_id].append(row.province_code)
    people = defaultdict(list)
    for row in session.execute(
        select(_people.c.request_id, _people.c.person_id).where(_people.c.request_id.in_(ids)).order_by(_people.c.nth)
    ):
        people[row.request_id].append(row.person_id)
    known = offices_by_id(session, office_ids=sorted({id for each in offices.values() for id in each}))
    rows = []
    for row in found:
        own = _Own._make(row[: len(_OWN)])
        wish = StandingWish(
            weekdays=weekdays_in(own.weekdays),
            parts=parts_in(own.parts),
            from_day=own.from_day,
            until_day=own.until_day,
            office_ids=tuple(offices[own.id]),
            province_codes=tuple(provinces[own.id]),
        )
        rows.append(
            RequestRow(
                id=own.id,
                public_id=own.public_id,
                service=ServiceRow(*row[len(_OWN) :]),
                state=own.state,
                since=own.since,
                wish=wish,
                offices=tuple(known[each] for each in wish.office_ids),
                person_ids=tuple(people[own.id]),
                lapses=own.lapses,
                days_more=days_more(since=own.since, rank_at=own.rank_at),
            )
        )
    return rows
