"""The alarm that a crowd has formed: manager and directorate are told at once, and each says that they saw it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select

from desk.acting import Actor, OutOfReach, Permission
from desk.events import actions as events
from desk.marshals.models import AlarmSeen, CrowdAlarm
from desk.marshals.refusals import CrowdKnown
from desk.marshals.rules import QUIET
from desk.offices.models import Office
from desk.offices.reach import node_of
from desk.organisation import office as office_node
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import insert_if_new, table_of

CROWD = "crowd"
"""The subject of the events and of the signal."""

_alarms, _offices = table_of(CrowdAlarm), table_of(Office)


def raise_alarm(session: WriteSession, *, office_id: int, actor: Actor, now: datetime) -> None:
    """Tell the manager and the directorate that a crowd has formed.

    Raises OutOfReach, CrowdKnown(at) where they were told less than `QUIET` ago.
    """
    office = session.execute(select(_offices.c.area, _offices.c.zone).where(_offices.c.id == office_id)).one_or_none()
    if office is None:
        raise OutOfReach
    actor.require(Permission.APPOINTMENTS_RECORD, at=office_node(office_id, area=office.area))
    hold(session, subject=f"crowd:{office_id}")
    last = session.scalar(
        select(_alarms.c.raised_at)
        .where(_alarms.c.office_id == office_id)
        .order_by(_alarms.c.raised_at.desc())
        .limit(1)
    )
    if last is not None and now - last < QUIET:
        raise CrowdKnown(at=last, zone=office.zone)
    row = {"office_id": office_id, "raised_at": now, "raised_by": actor.staff_id}
    id: int = session.execute(insert(_alarms).returning(_alarms.c.id), row).scalar_one()
    events.note(session, actor=actor, kind="crowd.alarm", subject=f"{CROWD}:{id}", office_id=office_id, now=now)


def mark_seen(session: WriteSession, *, alarm_id: int, actor: Actor, now: datetime) -> None:
    """One of those who are told has seen it, and it stands above their pages no longer; twice is the same as once.

    Raises OutOfReach.
    """
    office_id = session.scalar(select(_alarms.c.office_id).where(_alarms.c.id == alarm_id))
    if office_id is None or actor.staff_id is None:
        raise OutOfReach
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, office_id))
    done = session.connection().execute(
        insert_if_new(session, AlarmSeen, unique=("alarm_id", "staff_id")).inline(),
        {"alarm_id": alarm_id, "staff_id": actor.staff_id, "seen_at": now},
    )
    if done.rowcount == 1:
        events.note(
            session, actor=actor, kind="crowd.seen", subject=f"{CROWD}:{alarm_id}", office_id=office_id, now=now
        )
