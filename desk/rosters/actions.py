"""The actions on rosters: who is off duty at an office on which day, and what is asked of marshals."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import delete, insert

from desk.acting import Actor, Permission
from desk.events import actions as events
from desk.offices.reach import node_of
from desk.organisation import Node
from desk.refusals import whole
from desk.rosters.models import DayOffDuty, MarshalConditions
from desk.rosters.queries import days_off_between, roster_of
from desk.rosters.rules import LONGEST_CONDITIONS, days_by_member
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

_off = table_of(DayOffDuty)


def set_days_off(
    session: WriteSession,
    *,
    office_id: int,
    first: date,
    last: date,
    off: Collection[tuple[int, date]],
    actor: Actor,
    now: datetime,
) -> None:
    """Say who of the office is off duty between two days; everybody else is on duty then.

    Who has no role there, and what lies outside of these days, is left out. Raises OutOfReach.
    """
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, office_id))
    hold(session, subject=f"roster:{office_id}")
    members = {each.staff_id for each in roster_of(session, office_id=office_id)}
    before = days_off_between(session, office_id=office_id, first=first, last=last)
    after = {(staff_id, day) for staff_id, day in off if staff_id in members and first <= day <= last}
    if before == after:
        return
    session.execute(delete(_off).where(_off.c.office_id == office_id, _off.c.day.between(first, last)))
    if after:
        rows = [{"office_id": office_id, "staff_id": staff_id, "day": day} for staff_id, day in sorted(after)]
        session.execute(insert(_off), rows)
    events.note(
        session,
        actor=actor,
        kind="roster.set",
        subject=f"office:{office_id}",
        office_id=office_id,
        data={"off": days_by_member(after - before), "on": days_by_member(before - after)},
        now=now,
    )


def set_conditions(session: WriteSession, *, area: Node, conditions: str, actor: Actor, now: datetime) -> None:
    """Say whom the area wants as marshals; an empty text = it is not announced. Raises OutOfReach."""
    actor.require(Permission.OFFICES_WRITE, at=area)
    said = whole(conditions.strip(), most=LONGEST_CONDITIONS)
    found = session.get(MarshalConditions, area.path)
    if (found.conditions if found else "") == said:
        return
    if found is not None and not said:
        session.delete(found)
    elif found is not None:
        found.conditions = said
    else:
        session.add(MarshalConditions(area=area.path, conditions=said))
    session.flush()
    events.note(
        session,
        actor=actor,
        kind="marshal.conditions",
        subject=f"area:{area.path}",
        province_code=area.province_code,
        data={"announced": bool(said)},
        now=now,
    )
