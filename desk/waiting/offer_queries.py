"""Reading offers: those to a chat, and for staff what became of the places of an office that were kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, Slot
from desk.catalogue.models import Service
from desk.catalogue.queries import LISTED
from desk.catalogue.rows import ServiceRow
from desk.offices.models import Office
from desk.offices.queries import offices_by_id
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of
from desk.waiting.models import (
    FreedPlace,
    Offer,
    OfferPlace,
    OfferRound,
    StandingRequest,
    StandingRequestPerson,
)
from desk.waiting.rows import FreedPlaceRow, OfferRow
from desk.waiting.rules import OfferState

_offers, _rounds, _offered = table_of(Offer), table_of(OfferRound), table_of(OfferPlace)
_requests, _people = table_of(StandingRequest), table_of(StandingRequestPerson)
_services, _queues, _offices = table_of(Service), table_of(Queue), table_of(Office)
_freed, _slots = table_of(FreedPlace), table_of(Slot)


class _Own(NamedTuple):
    """The values of an offer without its service."""

    id: int
    round_id: int
    request_id: int
    state: OfferState
    starts_at: datetime
    day: date
    made_at: datetime
    delivered_at: datetime | None
    ends_at: datetime | None
    draw_id: int | None
    answer_minutes: int | None
    office_id: int
    invited: int


_others = _offers.alias("others")
_INVITED = select(func.count()).where(_others.c.round_id == _offers.c.round_id).scalar_subquery()
_OWN = columns_for(
    _Own,
    *_offers.c["id", "round_id", "request_id", "state", "made_at", "delivered_at", "ends_at"],
    *_rounds.c["starts_at", "day", "draw_id", "answer_minutes"],
    _queues.c.office_id,
    invited=_INVITED,
)
_OF_CHAT = (
    select(*_OWN, *LISTED)
    .join_from(_offers, _rounds, _rounds.c.id == _offers.c.round_id)
    .join(_requests, _requests.c.id == _offers.c.request_id)
    .join(_queues, _queues.c.id == _rounds.c.queue_id)
    .join(_services, _services.c.id == _rounds.c.service_id)
    .where(_requests.c.conversation_id == bindparam("conversation"))
)
_LIVE = _OF_CHAT.where(_offers.c.is_live).order_by(_rounds.c.starts_at, _offers.c.id)
_ONE = _OF_CHAT.where(_offers.c.id == bindparam("offer"))


def of_conversation(session: Session, *, conversation_id: int) -> list[OfferRow]:
    """The live offers to a chat, by their starts."""
    return _rows(session, session.execute(_LIVE, {"conversation": conversation_id}).all())


def owned(session: Session, *, offer_id: int, conversation_id: int) -> OfferRow | None:
    """The offer of this id, in any state, where it was made to this chat."""
    found = session.execute(_ONE, {"conversation": conversation_id, "offer": offer_id}).all()
    return next(iter(_rows(session, found)), None)


def freed_places(
    session: Session, *, office_id: int, scope: Scope, from_day: date, to_day: date, limit: int = 200
) -> list[FreedPlaceRow]:
    """What became of the places of an office within `scope` that were kept for those who wait, newest first.

    It names requests by their ids and the others by their number, so that staff see why, and of nobody who it was.
    """
    found = session.execute(
        select(*_freed.c["slot_id", "at", "outcome", "round_id", "others"], _slots.c.starts_at)
        .join_from(_freed, _slots, _slots.c.id == _freed.c.slot_id)
        .join(_queues, _queues.c.id == _slots.c.queue_id)
        .join(_offices, _offices.c.id == _queues.c.office_id)
        .where(_offices.c.id == office_id, offices_within(scope), _slots.c.day.between(from_day, to_day))
        .order_by(_freed.c.id.desc())
        .limit(limit)
    ).all()
    offered: dict[int, list[tuple[int, OfferState]]] = defaultdict(list)
    round_ids = sorted({row.round_id for row in found if row.round_id is not None})
    if round_ids:
        for row in session.execute(
            select(*_offers.c["round_id", "request_id", "state"])
            .where(_offers.c.round_id.in_(round_ids))
            .order_by(_offers.c.id)
        ):
            offered[row.round_id].append((row.request_id, row.state))
    return [
        FreedPlaceRow(
            slot_id=row.slot_id,
            starts_at=row.starts_at,
            at=row.at,
            outcome=row.outcome,
            offers=tuple(offered[row.round_id]),
            others=row.others,
        )
        for row in found
    ]


def _rows(session: Session, found: Sequence[Any]) -> list[OfferRow]:
    if not found:
        return []
    own = [_Own._make(row[: len(_OWN)]) for row in found]
    slots: dict[int, list[int]] = defaultdict(list)
    for row in session.execute(
        select(_offered).where(_offered.c.round_id.in_([each.round_id for each in own])).order_by(_offered.c.nth)
    ):
        slots[row.round_id].append(row.slot_id)
    people: dict[int, list[int]] = defaultdict(list)
    for row in session.execute(
        select(_people.c.request_id, _people.c.person_id)
        .where(_people.c.request_id.in_([each.request_id for each in own]))
        .order_by(_people.c.nth)
    ):
        people[row.request_id].append(row.person_id)
    known = offices_by_id(session, office_ids=sorted({each.office_id for each in own}))
    return [
        OfferRow(
            id=each.id,
            request_id=each.request_id,
            state=each.state,
            service=ServiceRow(*row[len(_OWN) :]),
            office=known[each.office_id],
            slot_ids=tuple(slots[each.round_id]),
            starts_at=each.starts_at,
            day=each.day,
            zone=known[each.office_id].zone,
            made_at=each.made_at,
            delivered_at=each.delivered_at,
            ends_at=each.ends_at,
            is_round=each.invited > 1,
            person_ids=tuple(people[each.request_id]),
            draw_id=each.draw_id,
            answer_minutes=each.answer_minutes,
        )
        for each, row in zip(own, found, strict=True)
    ]
