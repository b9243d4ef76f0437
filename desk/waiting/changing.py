"""Changing a standing request: other wishes, a pause, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.calendar import local_day_of
from desk.conversations.actions import require_chat
from desk.storage.base import WriteSession
from desk.waiting.asking import people, places, requests, require_usable, wished, write_places
from desk.waiting.history import RequestEvent, write_event
from desk.waiting.refusals import NotLive, NotYourRequest
from desk.waiting.rounds import end_live_offer
from desk.waiting.rows import StandingWish
from desk.waiting.rules import LIVE_REQUESTS, USUAL_DAYS, OfferState, RequestState

_ONE = select(*requests.c["id", "conversation_id", "service_id", "state", "since", "rank_at", "class_id"]).where(
    requests.c.id == bindparam("request")
)


class RequestToChange(NamedTuple):
    """A request as it was read before its change."""

    id: int
    conversation_id: int | None
    service_id: int
    state: RequestState
    since: datetime
    rank_at: datetime
    class_id: int | None


def change(session: WriteSession, *, request_id: int, actor: Actor, wish: StandingWish, now: datetime) -> None:
    """Wish something else; the place in the line stays, and so does a priority class, which is of the people.

    Raises NotYourRequest, NotLive, WishUnusable.
    """
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
        require_live(found)
        finish(session, found, state=RequestState.ENDED, actor=actor, now=now)


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
    values: dict[str, Any] = {"state": state, "is_waiting": state is RequestState.WAITING, "over_at": None}
    if state not in LIVE_REQUESTS:
        # The place goes with the people: by its lot a copy would tell which of all numbers it was for.
        values |= {"over_at": now, "rank_at": requests.c.since}
    guarded = (requests.c.id == found.id, requests.c.state == found.state)
    changed = session.connection().execute(update(requests).where(*guarded).values(values))
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
    require_live(found)
    return found


def _read(session: WriteSession, request_id: int, *, actor: Actor) -> RequestToChange:
    conversation_id = require_chat(actor)
    found = request_to_change(session, request_id=request_id)
    if found is None or found.conversation_id != conversation_id:
        raise NotYourRequest(request_id=request_id)
    return found


def require_live(found: RequestToChange) -> None:
    """Check that the request still waits, or is paused. Raises NotLive."""
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
