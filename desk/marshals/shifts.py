"""The register of shifts: somebody begins and ends one by a press, or the manager enters one that is over."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select, update

from desk.acting import Actor, OutOfReach, Permission
from desk.calendar import local_day_of
from desk.events import actions as events
from desk.marshals.models import MarshalShift
from desk.marshals.refusals import ShiftOutOfOrder, ShiftsOverlap
from desk.marshals.rules import DAYS_BACK, LONGEST_SHIFT
from desk.offices.models import Office
from desk.offices.reach import node_of
from desk.organisation import office as office_node
from desk.rosters.queries import roster_of
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

_shifts, _offices = table_of(MarshalShift), table_of(Office)


def begin(session: WriteSession, *, office_id: int, actor: Actor, now: datetime) -> None:
    """The person keeps order at this office from now on; beginning again changes nothing.

    A shift that they forgot to end counts until `LONGEST_SHIFT` after it began. Raises OutOfReach.
    """
    day = _require(session, office_id, actor=actor, now=now)
    staff_id = _somebody(actor)
    open_ = session.execute(
        select(_shifts.c.id, _shifts.c.began_at).where(
            _shifts.c.office_id == office_id, _shifts.c.staff_id == staff_id, _shifts.c.ended_at.is_(None)
        )
    ).one_or_none()
    if open_ is not None:
        if open_.began_at + LONGEST_SHIFT > now:
            return
        session.execute(update(_shifts).where(_shifts.c.id == open_.id).values(ended_at=open_.began_at + LONGEST_SHIFT))
    row = {"office_id": office_id, "staff_id": staff_id, "day": day, "began_at": now, "entered_by": staff_id}
    session.execute(insert(_shifts), [row])
    _note(session, kind="shift.began", office_id=office_id, member_id=staff_id, actor=actor, now=now)


def end(session: WriteSession, *, office_id: int, actor: Actor, now: datetime) -> None:
    """The person keeps order no longer; ending again changes nothing. Raises OutOfReach."""
    _require(session, office_id, actor=actor, now=now)
    staff_id = _somebody(actor)
    found = session.execute(
        select(_shifts.c.id, _shifts.c.began_at).where(
            _shifts.c.office_id == office_id, _shifts.c.staff_id == staff_id, _shifts.c.ended_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        return
    until = min(now, found.began_at + LONGEST_SHIFT)
    if until <= found.began_at:
        return  # of the same moment: a second press
    session.execute(update(_shifts).where(_shifts.c.id == found.id).values(ended_at=until))
    _note(session, kind="shift.ended", office_id=office_id, member_id=staff_id, actor=actor, now=now)


def enter(
    session: WriteSession,
    *,
    office_id: int,
    member_id: int,
    began_at: datetime,
    ended_at: datetime,
    actor: Actor,
    now: datetime,
) -> None:
    """The manager writes down a shift that is over, of a clerk or marshal of the office.

    Raises OutOfReach, ShiftOutOfOrder, ShiftsOverlap.
    """
    node = node_of(session, office_id)
    actor.require(Permission.CAPACITY_WRITE, at=node)
    hold(session, subject=f"shifts:{office_id}")
    if member_id not in {each.staff_id for each in roster_of(session, office_id=office_id)}:
        raise OutOfReach
    zone: str = session.scalars(select(_offices.c.zone).where(_offices.c.id == office_id)).one()
    days = [local_day_of(at, zone=zone).date for at in (began_at, ended_at, now)]
    is_recent = 0 <= (days[2] - days[0]).days <= DAYS_BACK
    if not began_at < ended_at <= now or days[0] != days[1] or not is_recent:
        raise ShiftOutOfOrder
    overlapping = session.execute(
        select(_shifts.c.id).where(
            _shifts.c.office_id == office_id,
            _shifts.c.staff_id == member_id,
            _shifts.c.began_at < ended_at,
            (_shifts.c.ended_at > began_at) | _shifts.c.ended_at.is_(None),
        )
    ).first()
    if overlapping is not None:
        raise ShiftsOverlap
    row = {"office_id": office_id, "staff_id": member_id, "day": days[0], "began_at": began_at, "ended_at": ended_at}
    session.execute(insert(_shifts), [row | {"entered_by": actor.staff_id}])
    _note(session, kind="shift.entered", office_id=office_id, member_id=member_id, actor=actor, now=now)


def _require(session: WriteSession, office_id: int, *, actor: Actor, now: datetime) -> date:
    """The local day of the office, if the actor works there; two presses at once wait for each other."""
    found = session.execute(select(_offices.c.area, _offices.c.zone).where(_offices.c.id == office_id)).one_or_none()
    if found is None:
        raise OutOfReach
    actor.require(Permission.APPOINTMENTS_RECORD, at=office_node(office_id, area=found.area))
    hold(session, subject=f"shifts:{office_id}")
    return local_day_of(now, zone=found.zone).date


def _somebody(actor: Actor) -> int:
    if actor.staff_id is None:
        raise OutOfReach
    return actor.staff_id


def _note(session: WriteSession, *, kind: str, office_id: int, member_id: int, actor: Actor, now: datetime) -> None:
    events.note(
        session,
        actor=actor,
        kind=kind,
        subject=f"office:{office_id}",
        others=[f"staff:{member_id}"],
        office_id=office_id,
        now=now,
    )
