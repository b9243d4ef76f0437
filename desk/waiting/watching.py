"""Watches offers and requests: when the time to answer begins and ends, what never arrived, and whose days are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, exists, literal, not_, or_, select, update

from desk.acting import SYSTEM
from desk.calendar import local_day_of
from desk.capacity.models import Queue, QueueService, Slot, SlotStatus
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.asking import requests
from desk.waiting.changing import finish, request_to_change, set_state
from desk.waiting.history import RequestEvent
from desk.waiting.keeping import WAITS_HERE
from desk.waiting.models import OfferPlace
from desk.waiting.offer_rules import LAPSES_IN_A_ROW, answer_until
from desk.waiting.rounds import end_offer, offers, rounds
from desk.waiting.rules import ASKED_BEFORE, LIVE_REQUESTS, OfferState, RequestState, WaitingNotice
from desk.waiting.telling import recipient, tell, tell_of_request

_messages, _slots, _offered = table_of(OutboxMessage), table_of(Slot), table_of(OfferPlace)
_queues, _offices, _links = table_of(Queue), table_of(Office), table_of(QueueService)
_chats = table_of(Conversation)
_now = bindparam("now", type_=offers.c.made_at.type)
_OFFERS = (
    select(
        *offers.c["id", "round_id", "request_id", "made_at"],
        *rounds.c["starts_at", "answer_minutes"],
        _offices.c.zone,
        requests.c.conversation_id,
    )
    .join_from(offers, rounds, rounds.c.id == offers.c.round_id)
    .join(requests, requests.c.id == offers.c.request_id)
    .join(_queues, _queues.c.id == rounds.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(offers.c.is_live)
    .order_by(offers.c.id)
    .limit(bindparam("most"))
)
_ITS_MESSAGE = exists().where(
    _messages.c.idem_key == literal("offer:") + cast(offers.c.id, String),
    _messages.c.state == bindparam("delivery", type_=_messages.c.state.type),
)
_ARRIVED = _OFFERS.where(offers.c.delivered_at.is_(None), _ITS_MESSAGE)
_NEVER_ARRIVES = _OFFERS.where(
    offers.c.delivered_at.is_(None),
    or_(offers.c.deliver_by <= _now, and_(rounds.c.draw_id.is_(None), _ITS_MESSAGE)),
)
"""Who won a draw and is not reached stands on a list at the office until then: somebody may find them otherwise."""
_OVER = _OFFERS.where(offers.c.ends_at <= _now)
_GIVEN_THERE = exists().where(
    _links.c.queue_id == rounds.c.queue_id,
    _links.c.service_id == requests.c.service_id,
    _links.c.is_active.is_(True),
    _queues.c.is_active.is_(True),
    _offices.c.is_active.is_(True),
)
_GONE = _OFFERS.where(
    or_(
        exists().where(
            _offered.c.round_id == offers.c.round_id,
            _slots.c.id == _offered.c.slot_id,
            or_(_slots.c.status != SlotStatus.LIVE, _slots.c.capacity > _slots.c.planned),
        ),
        not_(_GIVEN_THERE),
    )
)
"""Offers of a start that the office closed, whose places it cut below what is taken, or where the service is no longer
given: it left the queue, or was taken from the office."""
_BEGIN = (
    update(offers)
    .where(offers.c.id == bindparam("offer"), offers.c.is_live)
    .values(delivered_at=bindparam("at"), ends_at=bindparam("ends"))
)


def watch_offers(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Begin the time to answer of what arrived, and end what is over; returns how many offers it touched.

    The time counts from when the arrival is found, so that nobody is told a later end than the true one.
    """
    arrived = _read(session, _ARRIVED, now=now, limit=limit, delivery=DeliveryState.SENT)
    for row in arrived:
        about_it = {"made_at": row.made_at, "starts_at": row.starts_at, "zone": row.zone}
        ends = answer_until(now, **about_it, minutes=row.answer_minutes)
        session.connection().execute(_BEGIN, {"offer": row.id, "at": now, "ends": ends})
    lost = _read(session, _NEVER_ARRIVES, now=now, limit=limit, delivery=DeliveryState.DEAD)
    for row in lost:
        _end(session, row, state=OfferState.WITHDRAWN, now=now)
    gone = _read(session, _GONE, now=now, limit=limit)
    _withdraw(session, gone, now=now)
    over = _read(session, _OVER, now=now, limit=limit)
    _lapse(session, over, now=now)
    return len(arrived) + len(lost) + len(gone) + len(over)


def end_if_over(session: WriteSession, *, offer_id: int, now: datetime) -> None:
    """End this offer, and tell it, where it is gone or its time to answer is over, before the job comes to it."""
    _withdraw(session, _read(session, _GONE.where(offers.c.id == offer_id), now=now, limit=1), now=now)
    _lapse(session, _read(session, _OVER.where(offers.c.id == offer_id), now=now, limit=1), now=now)


def _withdraw(session: WriteSession, gone: Sequence[Any], *, now: datetime) -> None:
    """End offers whose place is gone, and tell each once."""
    for row in gone:
        if _end(session, row, state=OfferState.WITHDRAWN, now=now):
            _tell(session, row, WaitingNotice.OFFER_GONE, now=now)


def _lapse(session: WriteSession, over: Sequence[Any], *, now: datetime) -> None:
    """End offers whose time to answer is over, and count each."""
    for row in over:
        if _end(session, row, state=OfferState.LAPSED, now=now):
            _count_lapse(session, row, now=now)


def _read(session: WriteSession, statement: Any, *, now: datetime, limit: int, **more: Any) -> Sequence[Any]:
    return session.execute(statement, {"now": now, "most": limit, **more}).all()


def _end(session: WriteSession, row: Any, *, state: OfferState, now: datetime) -> bool:
    return end_offer(session, offer_id=row.id, round_id=row.round_id, state=state, now=now)


def _tell(session: WriteSession, row: Any, notice: WaitingNotice, *, now: datetime) -> None:
    tell(session, notice=notice, offer_id=row.id, to=recipient(session, row.conversation_id), now=now)


def _count_lapse(session: WriteSession, row: Any, *, now: datetime) -> None:
    """Count an offer without an answer; so many in a row pause the request, and the person is told either way."""
    lapses = session.execute(
        update(requests)
        .where(requests.c.id == row.request_id)
        .values(lapses=requests.c.lapses + 1)
        .returning(requests.c.lapses)
    ).scalar_one()
    found = request_to_change(session, request_id=row.request_id)
    if lapses < LAPSES_IN_A_ROW or found is None or found.state is not RequestState.WAITING:
        _tell(session, row, WaitingNotice.OFFER_LAPSED, now=now)
        return
    set_state(session, found, state=RequestState.PAUSED, kind=RequestEvent.PAUSED, actor=SYSTEM, now=now)
    tell_of_request(
        session,
        found.id,
        WaitingNotice.REQUEST_PAUSED,
        to=recipient(session, row.conversation_id),
        which=str(row.id),
        now=now,
    )


def look_anew_for_who_comes_back(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Whom no message reaches is passed over: once one does again, all that is free is looked through for them."""
    gone = exists().where(_chats.c.id == requests.c.conversation_id, _chats.c.reachable.is_(False))
    those = (
        select(requests.c.id)
        .where(WAITS_HERE, requests.c.looked_until.is_not(None), gone)
        .order_by(requests.c.id)
        .limit(limit)
    )
    changed = session.connection().execute(update(requests).where(requests.c.id.in_(those)).values(looked_until=None))
    return changed.rowcount


def ask_whether_they_wait_on(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Ask those whose last day is near, and end what nobody answered about once it is over; how many that were."""
    today = local_day_of(now).date
    near = session.execute(
        select(*requests.c["id", "conversation_id", "until_day"])
        .where(
            requests.c.state.in_(LIVE_REQUESTS),
            requests.c.until_day.between(today, today + ASKED_BEFORE),
            requests.c.since <= now - timedelta(days=1),
            ~exists().where(
                _messages.c.idem_key
                == literal(f"{WaitingNotice.GO_ON}:")
                + cast(requests.c.id, String)
                + literal(":")
                + cast(requests.c.until_day, String)
            ),
        )
        .order_by(requests.c.id)
        .limit(limit)
    ).all()
    for row in near:
        which = row.until_day.isoformat()
        tell_of_request(
            session, row.id, WaitingNotice.GO_ON, to=recipient(session, row.conversation_id), which=which, now=now
        )
    over = session.execute(
        select(*requests.c["id", "conversation_id"])
        .where(requests.c.state.in_(LIVE_REQUESTS), requests.c.until_day < today)
        .order_by(requests.c.id)
        .limit(limit)
    ).all()
    for row in over:
        found = request_to_change(session, request_id=row.id)
        if found is not None and found.state in LIVE_REQUESTS:
            finish(session, found, state=RequestState.LAPSED, actor=SYSTEM, now=now)
            tell_of_request(
                session,
                row.id,
                WaitingNotice.REQUEST_LAPSED,
                to=recipient(session, row.conversation_id),
                which="",
                now=now,
            )
    return len(near) + len(over)
