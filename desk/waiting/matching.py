"""Offers places that became free to those who wait, in the order of the line; what fits nobody is everybody's.

The job reads what was kept (`desk.waiting.keeping`) and decides by the queue and day, in few statements each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.capacity.models import Queue, Slot
from desk.capacity.together import FreePlace, together
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Recipient
from desk.places.models import Claim
from desk.places.quotas import OfDay
from desk.storage.base import WriteSession
from desk.storage.by_index import read_by_index
from desk.storage.upsert import table_of
from desk.values import LocalMoment
from desk.waiting.keeping import (
    AT_THIS_OFFICE,
    ON_THIS_DAY,
    WAITS_HERE,
    look_anew_for_households,
    of_day,
    requests,
)
from desk.waiting.kept import KeptPlace, kept_places
from desk.waiting.models import Offer, OfferPlace, StandingRequestPerson
from desk.waiting.offer_rules import BEFORE_OPENING, INVITED, NOT_AGAIN, ROUND_WITHIN, FreedOutcome, NoOffer
from desk.waiting.offering import Decided, Invited, Plan, ToInvite, carry_out
from desk.waiting.rules import OfferState, part_bits, part_of
from desk.waiting.served import Quotas, Served, quotas_of, served_by

_claims, _slots, _queues, _offices = (table_of(model) for model in (Claim, Slot, Queue, Office))
_offers, _offered, _chats = table_of(Offer), table_of(OfferPlace), table_of(Conversation)
_people, _appointments = table_of(StandingRequestPerson), table_of(Appointment)

OTHERS_FIRST = timedelta(hours=1)
"""For so long a place whose offer did not arrive goes to others."""
PAGE = 20
"""Requests of the line that are read at once."""


class _InLine(NamedTuple):
    id: int
    service_id: int
    places: int
    """How many it needs: for each of its people, or one for all."""
    parts: int
    rank_at: datetime
    channel: str
    bot: str
    conversation_id: int

    @property
    def to(self) -> ToInvite:
        return ToInvite(self.id, Recipient(self.channel, self.bot, self.conversation_id))


HAS_OFFER = exists().where(_offers.c.request_id == requests.c.id, _offers.c.is_live)
_WITHIN_QUOTA = requests.c.service_id.in_(bindparam("services", expanding=True))
_FOR_THESE = (WAITS_HERE, _WITHIN_QUOTA)
_FITS_A_PART = requests.c.parts.op("&")(bindparam("parts", type_=requests.c.parts.type)) != 0
_ASKED = case(
    (requests.c.service_id.in_(bindparam("per_household", expanding=True)), 1), else_=requests.c.people
).label("asked")
"""How many places a request needs: one for each of its people, or one for all."""
_FITS_SO_MANY = bindparam("places") >= _ASKED
_AFTER = bindparam("rank", type_=requests.c.rank_at.type)
_LINE = (
    select(
        *requests.c["id", "service_id"],
        _ASKED,
        *requests.c["parts", "rank_at"],
        *_chats.c["channel", "bot"],
        _chats.c.id.label("chat"),
    )
    .join_from(AT_THIS_OFFICE, requests, requests.c.id == AT_THIS_OFFICE.c.request_id)
    .join(_chats, _chats.c.id == requests.c.conversation_id)
    .where(
        *_FOR_THESE,
        *ON_THIS_DAY,
        _FITS_A_PART,
        ~HAS_OFFER,
        _chats.c.reachable,
        _FITS_SO_MANY,
        or_(requests.c.rank_at > _AFTER, and_(requests.c.rank_at == _AFTER, requests.c.id > bindparam("id"))),
    )
    .order_by(requests.c.rank_at, requests.c.id)
    .limit(PAGE)
)
_REACHABLE = select(_chats.c.reachable).where(_chats.c.id == requests.c.conversation_id).scalar_subquery()
_WHY_NOT = case(
    (or_(~ON_THIS_DAY[0], ~ON_THIS_DAY[1]), literal(NoOffer.DAYS.value)),
    (~ON_THIS_DAY[2], literal(NoOffer.WEEKDAY.value)),
    (~_FITS_A_PART, literal(NoOffer.PART.value)),
    (HAS_OFFER, literal(NoOffer.HAS_OFFER.value)),
    (~_REACHABLE, literal(NoOffer.UNREACHABLE.value)),
    (~_WITHIN_QUOTA, literal(NoOffer.QUOTA.value)),
    (~_FITS_SO_MANY, literal(NoOffer.HOUSEHOLD.value)),
    else_=literal(NoOffer.LATER.value),
).label("why")
_HERE = (
    select(
        *requests.c["id", "service_id"],
        _ASKED,
        *requests.c["parts", "rank_at", "conversation_id"],
        _WHY_NOT,
    )
    .join_from(AT_THIS_OFFICE, requests, requests.c.id == AT_THIS_OFFICE.c.request_id)
    .where(WAITS_HERE, requests.c.service_id.in_(bindparam("open", expanding=True)))
    .cte("here")
)
_FIRST = (
    select(
        *_HERE.c["id", "service_id", "asked", "parts", "rank_at"],
        *_chats.c["channel", "bot"],
        _HERE.c.conversation_id.label("chat"),
        cast(null(), String).label("why"),
        cast(null(), Integer).label("times"),
    )
    .join_from(_HERE, _chats, _chats.c.id == _HERE.c.conversation_id)
    .where(_HERE.c.why == NoOffer.LATER.value)
    .order_by(_HERE.c.rank_at, _HERE.c.id)
    .limit(PAGE)
    .subquery("first_of_the_line")
)
_COUNTS = select(
    *(cast(null(), column.type).label(column.name) for column in list(_FIRST.c)[:-2]), _HERE.c.why, func.count()
).group_by(_HERE.c.why)
_FIRST_AND_OTHERS = union_all(select(_FIRST), _COUNTS)
"""The first page of the line, and how many requests there are by `NoOffer`: those who wait here are read once."""
_REFUSED = (
    select(_offers.c.request_id, _offered.c.slot_id)
    .join_from(_offers, _offered, _offered.c.round_id == _offers.c.round_id)
    .where(
        _offered.c.slot_id.in_(bindparam("slots", expanding=True)),
        _offers.c.state.in_(NOT_AGAIN),
        or_(
            _offers.c.state != OfferState.WITHDRAWN,
            _offers.c.delivered_at.is_not(None),
            _offers.c.over_at > bindparam("lately", type_=_offers.c.over_at.type),
        ),
    )
)
"""An offer that never arrived counts for a while only: then its person, who never saw it, is asked again."""
_HELD = (
    select(_people.c.request_id, _appointments.c.slot_id)
    .join_from(_appointments, _people, _people.c.person_id == _appointments.c.person_id)
    .where(_appointments.c.slot_id.in_(bindparam("slots", expanding=True)), _appointments.c.is_live)
)


def match(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Decide about at most `limit` kept places; returns about how many. Two processes decide about different ones.

    Those of a day that is just opening stay kept until it is open.
    """
    kept = kept_places(session, limit=limit)
    if not kept:
        return 0
    read_by_index(session)
    queues = {each.queue_id for each in kept}
    served = served_by(session, queues)
    quotas = quotas_of(session, queue_ids=queues, days={each.day for each in kept})
    refused = refused_slots(session, sorted({each.slot_id for each in kept}), now=now)
    plan, busy, decided = Plan(), set[int](), 0
    for (_day, queue_id), group in groupby(kept, key=lambda each: (each.day, each.queue_id)):
        these = list(group)
        here = served.get(queue_id, ())
        if not _is_just_opening(here, these[0], now=now):
            _decide(session, these, here, quotas=quotas, refused=refused, busy=busy, plan=plan, now=now)
            decided += len(these)
    carry_out(session, plan, now=now)
    return decided


def refused_slots(session: Session, slot_ids: Sequence[int], *, now: datetime) -> set[tuple[int, int]]:
    """Pairs of a request and one of these slots: offered before and not taken, or held by somebody of the request."""
    refused = session.execute(_REFUSED, {"slots": list(slot_ids), "lately": now - OTHERS_FIRST})
    held = session.execute(_HELD, {"slots": list(slot_ids)})
    return {(row.request_id, row.slot_id) for row in (*refused, *held)}


def _decide(
    session: Session,
    kept: Sequence[KeptPlace],
    served: Sequence[Served],
    *,
    quotas: Quotas,
    refused: set[tuple[int, int]],
    busy: set[int],
    plan: Plan,
    now: datetime,
) -> None:
    """Decide about the kept places of one queue and day."""
    first = kept[0]
    opened = [each.service_id for each in served if each.is_open(first.day, zone=first.zone, now=now)]
    services = [each for each in opened if quotas.fits(OfDay(first.queue_id, each, first.day), places=1)]
    told_at = after_the_night(now, zone=first.zone)
    usable = [each for each in kept if opened and each.can_be_offered(told_at=told_at, now=now)]
    plan.give_back(
        [Decided(each.claim_id, each.slot_id, FreedOutcome.NOT_BOOKABLE) for each in kept if each not in usable]
    )
    if not usable:
        return
    part = {each.slot_id: part_bit(each.starts_at, zone=first.zone) for each in usable}
    free = [FreePlace(each.claim_id, each.slot_id, each.starts_at, each.minutes) for each in usable]
    asked = {
        "open": opened,
        "services": services,
        "per_household": [each.service_id for each in served if each.is_per_household],
        "office": first.office_id,
        "parts": sum(set(part.values())),
        "places": len(free),
        **of_day(first.day),
    }
    first_page, others = _first_and_others(session, asked)
    near = [each for each in free if each.starts_at - now <= ROUND_WITHIN]
    if not services:  # what the quota of the day stops belongs to nobody, and rests for nobody
        decided = [Decided(each.claim_id, each.slot_id, FreedOutcome.NOT_BOOKABLE) for each in usable]
        plan.give_back(decided, others=others)
        return
    given: list[Invited] = []
    has_missed, over_quota = False, 0
    for request in _line(session, asked, first_page):
        if request.id in busy:
            continue
        mine = [
            each for each in free if request.parts & part[each.slot_id] and (request.id, each.slot_id) not in refused
        ]
        quota = OfDay(first.queue_id, request.service_id, first.day)
        chosen = together(mine, request.places)
        is_taken = chosen is not None and quotas.take(session.connection(), quota, places=request.places)
        if chosen is not None and is_taken:
            counts_for = request.service_id if quotas.has(quota) else None
            free = [each for each in free if each not in chosen]
            given.append(Invited(chosen, request.service_id, first, [request.to], told_at, counts_for=counts_for))
            busy.add(request.id)
        elif near and _invite(request, given, part=part, refused=refused, near=near):
            busy.add(request.id)
        else:
            has_missed = has_missed or request.places > 1
            over_quota += chosen is not None
        if not free and not any(_has_room(each, near) for each in given):
            break
    left_to = plan.offer(given, others=_with_quota(others, over_quota))
    if free and (has_missed or NoOffer.HOUSEHOLD in others):
        look_anew_for_households(session, asked)
    rests = {each.claim_id: each.rests_until(now=now) for each in usable}
    plan.give_back(
        [Decided(each.claim_id, each.slot_id, FreedOutcome.NOBODY, rests[each.claim_id]) for each in free],
        others=left_to,
    )


def _with_quota(others: Mapping[str, int], stopped: int) -> dict[str, int]:
    """The others, where of those whom the line reached so many fit, and the quota of the day did not leave enough."""
    counts = dict(others)
    counts[NoOffer.LATER] = counts.get(NoOffer.LATER, 0) - stopped
    counts[NoOffer.QUOTA] = counts.get(NoOffer.QUOTA, 0) + stopped
    return counts


def _invite(
    request: _InLine,
    given: Sequence[Invited],
    *,
    part: Mapping[int, int],
    refused: set[tuple[int, int]],
    near: Sequence[FreePlace],
) -> bool:
    """Invite the request to the round with the fewest that fits it; False = none does."""
    fitting = [
        each
        for each in given
        if _has_room(each, near)
        and each.service_id == request.service_id
        and len(each.places) == request.places
        and all(
            request.parts & part[place.slot_id] and (request.id, place.slot_id) not in refused for place in each.places
        )
    ]
    if not fitting:
        return False
    min(fitting, key=lambda each: len(each.requests)).requests.append(request.to)
    return True


def _has_room(each: Invited, near: Sequence[FreePlace]) -> bool:
    return len(each.requests) < INVITED and each.places[0] in near


def _is_just_opening(served: Sequence[Served], first: KeptPlace, *, now: datetime) -> bool:
    """Whether the day is open for no service of the queue yet, and will be in a moment."""
    return not any(each.is_open(first.day, zone=first.zone, now=now) for each in served) and any(
        each.is_open(first.day, zone=first.zone, now=now + BEFORE_OPENING) for each in served
    )


def part_bit(starts_at: datetime, *, zone: str) -> int:
    """The bit of the part of the day in which a start lies."""
    return part_bits([part_of(LocalMoment(starts_at, zone).clock.minutes)])


def _first_and_others(session: Session, asked: Mapping[str, Any]) -> tuple[list[_InLine], dict[str, int]]:
    """The first page of the line, and how many are not offered it for which reason, those of the line among them."""
    page, others = list[_InLine](), dict[str, int]()
    for *told, why, times in session.execute(_FIRST_AND_OTHERS, asked):
        if why is None:
            page.append(_InLine._make(told))
        else:
            others[why] = times
    page.sort(key=lambda each: (each.rank_at, each.id))
    return page, others


def _line(session: Session, asked: Mapping[str, Any], page: Sequence[_InLine]) -> Iterator[_InLine]:
    """Those whom a place of this day may fit, in the order of the line, page by page."""
    while True:
        yield from page
        if len(page) < PAGE:
            return
        at = {"rank": page[-1].rank_at, "id": page[-1].id}
        page = [_InLine._make(row) for row in session.execute(_LINE, {**asked, **at})]
