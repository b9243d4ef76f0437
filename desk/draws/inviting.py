"""After the result is visible: winners are offered their places, the others are told, and what is left goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, exists, select, true, update
from sqlalchemy.orm import Session

from desk.capacity.bookable import GIVEN_HERE, clauses, links, services
from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.together import FreePlace
from desk.conversations.models import Conversation
from desk.draws.allotment import PlaceGroup, allot
from desk.draws.drawing import slots_of
from desk.draws.kept_places import claims, kept_by
from desk.draws.models import DrawEntry
from desk.draws.order import DrawnRequest
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawNotice
from desk.draws.taken_away import give_up_taken_away
from desk.draws.telling import mark_told, tell
from desk.offices.models import Office
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.models import Offer, OfferRound, StandingRequest
from desk.waiting.offering import Invited, Plan, ToInvite, carry_out

NEXT_LOOKED_AT = 2000
"""Of those who were not drawn, so many are looked at, in their order, for places that were not confirmed."""
entries = table_of(DrawEntry)
_requests, _chats, _offers = table_of(StandingRequest), table_of(Conversation), table_of(Offer)
_slots, _queues, _offices = (table_of(model) for model in (Slot, Queue, Office))
_rounds = table_of(OfferRound)
_HAS_OFFER = exists().where(_offers.c.request_id == _requests.c.id, _offers.c.is_live)
_MAY_BE_ASKED = and_(_requests.c.is_waiting, ~_HAS_OFFER)
_IN_ORDER = (
    select(
        *entries.c["public_id", "request_id", "lots", "people", "groups", "position", "places"],
        *_chats.c["channel", "bot"],
        _chats.c.id.label("chat"),
        _MAY_BE_ASKED.label("may_be_asked"),
    )
    .join_from(entries, _requests, _requests.c.id == entries.c.request_id)
    .outerjoin(_chats, _chats.c.id == _requests.c.conversation_id)
    .where(entries.c.draw_id == bindparam("draw"))
    .order_by(entries.c.position)
    .limit(bindparam("most"))
)
_UNASKED_WINNERS = (entries.c.places.is_not(None), ~entries.c.is_asked, ~entries.c.is_told)
_WINNERS = _IN_ORDER.where(*_UNASKED_WINNERS, ~_HAS_OFFER)
"""Who has another offer is asked once that is answered; their places stay theirs until then.

Who was told that the office took the place away is a winner no longer, but may be asked as one of the next.
"""
_THEIRS = select(entries.c.places).where(entries.c.draw_id == bindparam("draw"), *_UNASKED_WINNERS)
_NEXT = _IN_ORDER.where(~entries.c.is_asked, _MAY_BE_ASKED, _chats.c.id.is_not(None))
_ASKED = (
    update(entries)
    .where(entries.c.draw_id == bindparam("draw"), entries.c.public_id == bindparam("id"))
    .values(is_asked=true(), is_told=true())
)


class _Free(NamedTuple):
    """A place of the draw that nobody is offered at this moment."""

    claim_id: int
    slot_id: int
    queue_id: int
    day: date
    starts_at: datetime
    minutes: int
    zone: str

    @property
    def place(self) -> FreePlace:
        return FreePlace(self.claim_id, self.slot_id, self.starts_at, self.minutes)


class _Where(NamedTuple):
    queue_id: int
    day: date


def is_with_somebody(session: Session, draw_id: int) -> bool:
    """Whether a place of the draw is on offer to somebody, or waits for a winner who has another offer."""
    if session.execute(_THEIRS.limit(1), {"draw": draw_id}).first() is not None:
        return True
    live = select(_offers.c.id).join(_rounds, _rounds.c.id == _offers.c.round_id)
    return session.execute(live.where(_rounds.c.draw_id == draw_id, _offers.c.is_live).limit(1)).first() is not None


def free_claims(
    session: Session, draw_id: int, *, usable_from: datetime | None = None, service_id: int | None = None
) -> list[_Free]:
    """The places of the draw that nobody is offered; with `usable_from` those that somebody can still confirm.

    With `service_id` only where the service is still given: nobody is offered what the office may not serve.
    """
    found = (
        select(
            claims.c.id,
            claims.c.slot_id,
            *_slots.c["queue_id", "day", "starts_at", "minutes"],
            _offices.c.zone,
        )
        .join_from(claims, _slots, _slots.c.id == claims.c.slot_id)
        .join(_queues, _queues.c.id == _slots.c.queue_id)
        .join(_offices, _offices.c.id == _queues.c.office_id)
        .where(kept_by(draw_id))
        .order_by(_slots.c.starts_at, claims.c.id)
    )
    if usable_from is not None:
        found = found.where(
            _slots.c.status == SlotStatus.LIVE,
            _slots.c.capacity <= _slots.c.planned,
            _slots.c.starts_at > usable_from,
        )
    if service_id is not None:
        given = (links.c.queue_id == _queues.c.id) & (links.c.service_id == service_id)
        found = found.join(links, given).join(services, services.c.id == links.c.service_id).where(*clauses(GIVEN_HERE))
    return [_Free._make(row) for row in session.execute(found)]


def invite_winners(session: WriteSession, draw: DrawRow, *, limit: int, now: datetime) -> int:
    """Offer their places to the next winners in the order; returns how many it looked at.

    A place whose winner waits no longer stays with the draw for the next. A winner whose place the office took away
    since the list was closed is told so, and comes first where another becomes free.
    """
    found = session.execute(_WINNERS, {"draw": draw.id, "most": limit}).all()
    if not found:
        return 0
    give_up_taken_away(session, draw, now=now)
    slots = slots_of(session, draw.id)
    free = _by_slot(free_claims(session, draw.id, usable_from=now, service_id=draw.service_id))
    chosen, taken_away, without = [], [], []
    for row in found:
        if not row.may_be_asked or row.chat is None:
            without.append(row)
        elif places := _take(free, [slots[group][time] for group, time in row.places]):
            chosen.append((row, places))
        else:
            taken_away.append(row)
    _invite(session, draw, chosen, now=now)
    _mark(session, draw, [*(row for row, _ in chosen), *without])
    tell(session, draw, taken_away, notice=DrawNotice.TAKEN_AWAY, now=now)
    mark_told(session, draw, taken_away)
    return len(found)


def invite_next(session: WriteSession, draw: DrawRow, *, now: datetime) -> int:
    """Offer what was not confirmed, or had nobody, to the next in the order whom it suits; returns to how many."""
    free = _by_slot(free_claims(session, draw.id, usable_from=now, service_id=draw.service_id))
    slots = slots_of(session, draw.id)
    for places in session.scalars(_THEIRS, {"draw": draw.id}).all():
        _take(free, [slots[group][time] for group, time in places])
    if not any(free.values()):
        return 0
    waiting = session.execute(_NEXT, {"draw": draw.id, "most": NEXT_LOOKED_AT}).all()
    if not waiting:
        return 0
    groups = [
        PlaceGroup(
            office=str(nth),
            day=date.min,
            times=tuple(datetime.fromtimestamp(0, UTC) for _ in starts),
            places=tuple(len(free.get(slot, ())) for slot in starts),
        )
        for nth, starts in enumerate(slots)
    ]
    order = [DrawnRequest(row.public_id, row.lots, row.people, groups=tuple(row.groups)) for row in waiting]
    given = allot(order, groups, priority_share=0)
    chosen = []
    for row in waiting:
        places = given.get(row.public_id)
        if places:
            taken = _take(free, [slots[place.group][place.time] for place in places])
            if taken:
                chosen.append((row, taken))
    _invite(session, draw, chosen, now=now)
    _mark(session, draw, [row for row, _ in chosen])
    return len(chosen)


def _invite(
    session: WriteSession, draw: DrawRow, chosen: Iterable[tuple[Any, Sequence[_Free]]], *, now: datetime
) -> None:
    plan = Plan()
    for row, places in chosen:
        first = places[0]
        plan.invited.append(
            Invited(
                [each.place for each in places],
                draw.service_id,
                _Where(first.queue_id, first.day),
                [ToInvite(row.request_id, Recipient(row.channel, row.bot, row.chat))],
                after_the_night(now, zone=first.zone),
                draw_id=draw.id,
                answer_minutes=draw.confirm_minutes,
            )
        )
    carry_out(session, plan, now=now)


def _by_slot(free: Iterable[_Free]) -> dict[int, list[_Free]]:
    found: dict[int, list[_Free]] = defaultdict(list)
    for each in free:
        found[each.slot_id].append(each)
    return found


def _take(free: Mapping[int, list[_Free]], wanted: Sequence[int]) -> list[_Free]:
    """A claim on each of these slots; [] where one is not there any more."""
    taken: list[_Free] = []
    for slot_id in wanted:
        left = free.get(slot_id)
        if not left:
            for each in taken:
                free[each.slot_id].append(each)
            return []
        taken.append(left.pop(0))
    return taken


def _mark(session: WriteSession, draw: DrawRow, found: Sequence[Any]) -> None:
    if found:
        session.connection().execute(_ASKED, [{"draw": draw.id, "id": row.public_id} for row in found])
