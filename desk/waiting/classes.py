"""Priority classes: the directorate defines them, and staff of an office give one to a request, with a reason.

The history of a class tells who gave it where and why, and of no request. That of a request tells only how many days
of waiting are counted more: a class can say of somebody that they are ill or pregnant.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach, Permission
from desk.events import actions as events
from desk.events.rules import values_of
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import node_of
from desk.organisation import NATION
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.asking import places, requests
from desk.waiting.changing import request_to_change, require_live
from desk.waiting.history import ClassEvent, RequestEvent, class_subject, write_event
from desk.waiting.models import PriorityClass
from desk.waiting.place_in_line import with_class
from desk.waiting.rules import LIVE_REQUESTS, ClassReason, WaitingNotice
from desk.waiting.telling import recipient, tell_of_request

_classes, _offices = table_of(PriorityClass), table_of(Office)
_DAYS = select(_classes.c.days).where(_classes.c.id == bindparam("class"))
_RANK = update(requests).where(requests.c.id == bindparam("request")).values(rank_at=bindparam("rank"))


def save_class(
    session: WriteSession,
    *,
    class_id: int | None = None,
    name: Localised,
    days: int,
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Make a class, or change the one of `class_id`; its id is returned. Other days hold at once for who bears it.

    One that is not active any more is given to nobody new; who bears it keeps it. Raises OutOfReach, LookupError.
    """
    actor.require(Permission.CATALOGUE_WRITE, at=NATION)
    found = PriorityClass(code=secrets.token_hex(8)) if class_id is None else session.get(PriorityClass, class_id)
    if found is None:
        raise LookupError(f"no class {class_id}")
    before = None if class_id is None else values_of(found, "name", "days", "is_active")
    found.name, found.days, found.is_active = name, days, is_active
    session.add(found)
    session.flush()
    if before is not None and before["days"] != days:
        _move_in_line(session, class_id=found.id, days=days)
    events.note(
        session,
        kind=ClassEvent.SAVED,
        subject=class_subject(found.id),
        actor=actor,
        old=before,
        new=values_of(found, "name", "days", "is_active"),
        now=now,
    )
    return found.id


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

    It has to be an office at which the request waits, so that they do it for people who come to them. The person is
    told, and the history counts it. Raises OutOfReach, NotLive; LookupError for a class that nobody may give.
    """
    actor.require(Permission.APPOINTMENTS_RECORD, at=node_of(session, office_id))
    found = request_to_change(session, request_id=request_id)
    if found is None or not _waits_at(session, request_id=request_id, office_id=office_id):
        raise OutOfReach(Permission.APPOINTMENTS_RECORD)
    require_live(found)
    if class_id == found.class_id:
        return
    days, before = _days_to_give(session, class_id), _days_of(session, found.class_id)
    session.connection().execute(
        update(requests)
        .where(requests.c.id == request_id)
        .values(
            class_id=class_id,
            class_reason=None if class_id is None else reason,
            rank_at=with_class(found.rank_at, since=found.since, days=days),
        )
    )
    for kind, of in ((ClassEvent.TAKEN, found.class_id), (ClassEvent.GIVEN, class_id)):
        if of is not None:
            data = {"reason": reason}
            subject = class_subject(of)
            events.note(session, kind=kind, subject=subject, actor=actor, office_id=office_id, data=data, now=now)
    if days == before:
        return
    write_event(
        session,
        request_id=request_id,
        kind=RequestEvent.CLASS_GIVEN,
        actor=actor,
        office_id=office_id,
        old={"days": before},
        new={"days": days},
        now=now,
    )
    which, notice = f"{class_id or 0}:{now.isoformat()}", WaitingNotice.PLACE_CHANGED
    to = recipient(session, found.conversation_id)
    tell_of_request(session, request_id, notice, to=to, which=which, now=now)


def _days_to_give(session: Session, class_id: int | None) -> int:
    """The days of a class that may be given; 0 = none is. Raises LookupError."""
    if class_id is None:
        return 0
    days = session.scalar(_DAYS.where(_classes.c.is_active.is_(True)), {"class": class_id})
    if days is None:
        raise LookupError(f"no class {class_id}")
    return int(days)


def _days_of(session: Session, class_id: int | None) -> int:
    return 0 if class_id is None else int(session.scalar(_DAYS, {"class": class_id}) or 0)


def _move_in_line(session: WriteSession, *, class_id: int, days: int) -> None:
    """The place in the line of all who bear the class, by its new days."""
    bear = select(*requests.c["id", "since", "rank_at"]).where(
        requests.c.class_id == class_id, requests.c.state.in_(LIVE_REQUESTS)
    )
    ranks = [
        {"request": row.id, "rank": with_class(row.rank_at, since=row.since, days=days)}
        for row in session.execute(bear.order_by(requests.c.id).with_for_update())
    ]
    if ranks:
        session.connection().execute(_RANK, ranks)


def _waits_at(session: Session, *, request_id: int, office_id: int) -> bool:
    """Whether this office, or its whole province, is one of the places of the request."""
    its_province = select(_offices.c.province_code).where(_offices.c.id == office_id).scalar_subquery()
    here = or_(places.c.office_id == office_id, places.c.province_code == its_province)
    return session.execute(select(places.c.id).where(places.c.request_id == request_id, here)).first() is not None
