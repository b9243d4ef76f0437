"""Warns an office about a service, takes the service from it and gives it back: by the directorate alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from desk.acting import Actor, Permission
from desk.calendar import local_day_of
from desk.capacity.freed import places_freed
from desk.capacity.models import Queue, QueueService, ServiceStatus
from desk.capacity.refusals import DoesNotFollow, NotGivenThere, TermPassed
from desk.capacity.status_rules import (
    HAS_A_TERM,
    LONGEST_RULE,
    LONGEST_WHY,
    MAY_FOLLOW,
    WITHHELD,
    GivingState,
    LegalBasis,
)
from desk.catalogue.models import Service
from desk.events import actions as events
from desk.events.rules import plain
from desk.offices.reach import node_of
from desk.refusals import whole
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

_statuses, _queues, _links = table_of(ServiceStatus), table_of(Queue), table_of(QueueService)
_services = table_of(Service)
_IS_PRESENT = (
    _statuses.c.office_id == bindparam("office"),
    _statuses.c.service_id == bindparam("service"),
    _statuses.c.to_at.is_(None),
)
_PRESENT = select(_statuses.c.state, _statuses.c.until_day).where(*_IS_PRESENT)
_OF_OFFICE = select(_queues.c.id).where(_queues.c.office_id == bindparam("office"))
_TIES = select(_links.c.queue_id).where(_links.c.queue_id.in_(_OF_OFFICE), _links.c.service_id == bindparam("service"))
_END = update(_statuses).where(*_IS_PRESENT).values(to_at=bindparam("now", type_=_statuses.c.to_at.type))
_WITHHOLD = (
    update(_links)
    .where(
        _links.c.queue_id.in_(_OF_OFFICE),
        _links.c.service_id == bindparam("service"),
        _links.c.is_tied.is_(True),
        _links.c.is_active != bindparam("given", type_=_links.c.is_active.type),
    )
    .values(is_active=bindparam("given", type_=_links.c.is_active.type))
    .returning(_links.c.queue_id)
)


def set_status(
    session: WriteSession,
    *,
    office_id: int,
    service_id: int,
    state: GivingState,
    basis: LegalBasis,
    rule: str = "",
    reason: str,
    until_day: date | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Say how it stands with a service of an office from now on; returns the id of the status. The one before ends.

    While it is withheld nobody can book it there, whatever queue serves it; `desk.consequences` decides what becomes of
    those who have appointments. When it is given again, those who wait are asked first. `until_day` restores nothing.

    Raises OutOfReach for those who do not stand above the office, NotGivenThere, DoesNotFollow, TermPassed.
    """
    node = node_of(session, office_id)
    actor.require(Permission.OFFICES_WRITE, at=node.area)
    hold(session, subject=f"service_status:{office_id}:{service_id}")
    asked = {"office": office_id, "service": service_id}
    found = session.execute(_PRESENT, asked).one_or_none()
    if found is None and session.execute(_TIES, asked).first() is None:
        raise NotGivenThere(service_id=service_id)
    before = GivingState.ACTIVE if found is None else found.state
    if state not in MAY_FOLLOW[before]:
        raise DoesNotFollow(state=before, wanted=state)
    if until_day is not None and (state not in HAS_A_TERM or until_day < local_day_of(now).date):
        raise TermPassed(day=until_day)
    session.connection().execute(_END, {**asked, "now": now})
    values: dict[str, Any] = {
        "office_id": office_id,
        "service_id": service_id,
        "state": state,
        "from_at": now,
        "until_day": until_day,
        "basis": basis,
        "rule": whole(rule, most=LONGEST_RULE),
        "reason": whole(reason, most=LONGEST_WHY),
    }
    status_id: int = session.execute(insert(_statuses).values(**values).returning(_statuses.c.id)).scalar_one()
    given = state not in WITHHELD
    switched = session.connection().execute(_WITHHOLD, {**asked, "given": given}).scalars().all()
    title = session.scalar(select(_services.c.short_title).where(_services.c.id == service_id))
    events.note(
        session,
        actor=actor,
        kind="office.service",
        subject=f"office:{office_id}",
        office_id=office_id,
        old={"state": before.value, "until_day": plain(found.until_day) if found else None},
        new={"state": state.value, "until_day": plain(until_day)},
        data={"service": plain(title), "basis": basis.value},
        now=now,
    )
    if given:
        for queue_id in switched:
            places_freed(session, queue_id=queue_id, office_id=office_id, day=None)
    return status_id
