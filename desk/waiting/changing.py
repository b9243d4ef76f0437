"""Changing a standing request: other wishes, a pause, its end, and its priority class."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach, Permission
from desk.calendar import local_day_of
from desk.conversations.actions import require_chat
from desk.offices.models import Office
from desk.offices.reach import node_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.asking import people, places, requests, require_usable, wished, write_places
from desk.waiting.history import RequestEvent, write_event
from desk.waiting.models import PriorityClass
from desk.waiting.refusals import NotLive, NotYourRequest
from desk.waiting.rounds import end_live_offer
from desk.waiting.rows import StandingWish
from desk.waiting.rules import LIVE_REQUESTS, USUAL_DAYS, ClassReason, OfferState, RequestState, rank_of

_classes, _offices = table_of(PriorityClass), table_of(Office)
_ONE = select(*requests.c["id", "conversation_id", "state", "since", "class_id"]).where(
    requests.c.id == bindparam("request")
)


class RequestToChange(NamedTuple):
    """A request as it was read before its change."""

    id: int
    conversation_id: int | None
    state: RequestState
    since: datetime
    class_id: int | None


def change(session: WriteSession, *, request_id: int, actor: Actor, wish: StandingWish, now: datetime) -> None:
    """Wish something else; the place in the line stays. Raises NotYourRequest, NotLive, WishUnusable."""
    _own(session, request_id=request_id, actor=actor)
    require_usable(session, wish, now=now)
    before = _wish_of(session, request_id)
    _set(session, request_id, looked_until=None, **wished(wish))
    session.connection().execute(delete(places).where(places.c.request_id == request_id))
    write_places(session, request_id=request_id, wish=wish)
    write_event(
        session,
        request_id=request_id,
        kind=RequestEvent.CHANGED,
        actor=actor,
        old=before,
        new=_wish_of(session, request_id),
        now=now,
    )


def pause(session: WriteSession, *, request_id: int, actor: Actor, now: datetime) -> None:
    """Offer nothing until the person says so; twice is the same as once. Raises NotYourRequest, NotLive."""
    found = _own(session, request_id=request_id, actor=actor)
    if found.state is RequestState.WAITING:
        set_state(session, found, state=RequestState.PAUSED, kind=RequestEvent.PAUSED, actor=actor, now=now)
        end_live_offer(session, request_id=request_id, state=OfferState.DECLINED, now=now)


def resume(session: WriteSession, *, request_id: int, actor: Actor, now: datetime) -> None:
    """Offer places again; the place in the line is the one of before. Raises NotYourRequest, NotLive."""
    found = _own(session, request_id=request_id, actor=actor)
    if found.state is RequestState.PAUSED:
        set_state(session, found, state=RequestState.WAITING, kind=RequestEvent.RESUMED, actor=actor, now=now)
        _set(session, request_id, lapses=0, looked_until=None)


def go_on(session: WriteSession, *, request_id: int, actor: Actor, now: datetime) -> None:
    """Wait on until USUAL_DAYS from today, where that is later than the last day; a pause ends with it.

    Raises NotYourRequest, NotLive.
    """
    resume(session, request_id=request_id, actor=actor, now=now)
    _own(session, request_id=request_id, actor=actor)
    until = local_day_of(now).date + timedelta(days=USUAL_DAYS)
    before = _wish_of(session, request_id)
    _set(session, request_id, requests.c.until_day < until, until_day=until)
    after = _wish_of(session, request_id)
    write_event(session, request_id=request_id, kind=RequestEvent.CHANGED, actor=actor, old=before, new=after, now=now)


def end(session: WriteSession, *, request_id: int, actor: Actor, now: datetime) -> None:
    """Wait no longer; ending twice is the same as once. Raises NotYourRequest, NotLive."""
    found = _read(session, request_id, actor=actor)
    if found.state is not RequestState.ENDED:
        _require_live(found)
        finish(session, found, state=RequestState.ENDED, actor=actor, now=now)


def give_class(
    session: WriteSession,
    *,
    request_id: int,
    office_id: int,
    class_id: int | None,
    reason: ClassReason,
    actor: Actor,
    now: datetime,
) -> None:
    """Staff of an office give the request a priority class, or (None) take it away; the place in the line follows.

    It has to be an office at which the request waits, so that they do it for people who come to them. The history says
    who gave what and why, and counts it. Raises OutOfReach, NotLive; LookupError for an unknown class.
    """
    actor.require(Permission.APPOINTMENTS_RECORD, at=node_of(session, office_id))
    found = request_to_change(session, request_id=request_id)
    if found is None or not _waits_at(session, request_id=request_id, office_id=office_id):
        raise OutOfReach(Permission.APPOINTMENTS_RECORD)
    _require_live(found)
    days = 0
    if class_id is not None:
        known = select(_classes.c.days).where(_classes.c.id == class_id, _classes.c.is_active.is_(True))
        days = session.scalar(known) or 0
        if not days:
            raise LookupError(f"no class {class_id}")
    _set(
        session,
        request_id,
        class_id=class_id,
        class_reason=None if class_id is None else reason,
        rank_at=rank_of(found.since, class_days=days),
    )
    write_event(
        session,
        request_id=request_id,
        kind=RequestEvent.CLASS_GIVEN,
        actor=actor,
        office_id=office_id,
        old={"class": found.class_id},
        new={"class": class_id},
        data={"reason": reason},
        now=now,
    )


def finish(session: WriteSession, found: RequestToChange, *, state: RequestState, actor: Actor, now: datetime) -> None:
    """End a live request in this state; its people stand in it no longer, and what it was offered goes on."""
    set_state(session, found, state=state, kind=RequestEvent.OVER, actor=actor, now=now)
    end_live_offer(session, request_id=found.id, state=OfferState.DECLINED, now=now)
    session.connection().execute(delete(people).where(people.c.request_id == found.id))


def set_state(
    session: WriteSession,
    found: RequestToChange,
    *,
    state: RequestState,
    kind: RequestEvent,
    actor: Actor,
    now: datetime,
) -> None:
    """Set the state, guarded by the one that was read. Raises NotLive where a concurrent change came first."""
    is_over = state not in LIVE_REQUESTS
    changed = session.connection().execute(
        update(requests)
        .where(requests.c.id == found.id, requests.c.state == found.state)
        .values(state=state, is_waiting=state is RequestState.WAITING, over_at=now if is_over else None)
    )
    if changed.rowcount != 1:
        raise NotLive(request_id=found.id, state=found.state)
    write_event(
        session, request_id=found.id, kind=kind, actor=actor, old={"state": found.state}, new={"state": state}, now=now
    )


def request_to_change(session: Session, *, request_id: int) -> RequestToChange | None:
    """The request as it is now, locked until the transaction ends; None where there is none."""
    found = session.execute(_ONE.with_for_update(), {"request": request_id}).one_or_none()
    return None if found is None else RequestToChange._make(found)


def _own(session: WriteSession, *, request_id: int, actor: Actor) -> RequestToChange:
    """The live request of this chat. Raises NotYourRequest, NotLive."""
    found = _read(session, request_id, actor=actor)
    _require_live(found)
    return found


def _read(session: WriteSession, request_id: int, *, actor: Actor) -> RequestToChange:
    conversation_id = require_chat(actor)
    found = request_to_change(session, request_id=request_id)
    if found is None or found.conversation_id != conversation_id:
        raise NotYourRequest(request_id=request_id)
    return found


def _require_live(found: RequestToChange) -> None:
    if found.state not in LIVE_REQUESTS:
        raise NotLive(request_id=found.id, state=found.state)


def _set(session: WriteSession, request_id: int, *where: ColumnElement[bool], **values: object) -> None:
    session.connection().execute(update(requests).where(requests.c.id == request_id, *where).values(**values))


def _wish_of(session: Session, request_id: int) -> dict[str, Any]:
    """What is wished, as plain values for the history."""
    row = session.execute(
        select(*requests.c["weekdays", "parts", "from_day", "until_day"]).where(requests.c.id == request_id)
    ).one()
    found = session.execute(select(places).where(places.c.request_id == request_id).order_by(places.c.id)).all()
    return {
        "weekdays": row.weekdays,
        "parts": row.parts,
        "from_day": row.from_day.isoformat(),
        "until_day": row.until_day.isoformat(),
        "offices": [each.office_id for each in found if each.office_id is not None],
        "provinces": [each.province_code for each in found if each.province_code is not None],
    }


def _waits_at(session: Session, *, request_id: int, office_id: int) -> bool:
    """Whether this office, or its whole province, is one of the places of the request."""
    its_province = select(_offices.c.province_code).where(_offices.c.id == office_id).scalar_subquery()
    here = or_(places.c.office_id == office_id, places.c.province_code == its_province)
    return session.execute(select(places.c.id).where(places.c.request_id == request_id, here)).first() is not None
