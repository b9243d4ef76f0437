"""Reading rosters: who is on duty at an office, and the working days of many offices without a marshal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue
from desk.figures.models import DayFigures
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Node, Scope
from desk.rosters.models import DayOffDuty, MarshalConditions
from desk.rosters.rules import OnDuty, days_told_of, without_marshal
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import Role
from desk.storage.upsert import table_of

_off, _conditions = table_of(DayOffDuty), table_of(MarshalConditions)
_roles, _members, _offices = table_of(RoleAssignment), table_of(StaffMember), table_of(Office)
_figures, _queues = table_of(DayFigures), table_of(Queue)

AT_COUNTERS = (Role.MARSHAL, Role.CLERK)
"""The roles whose days stand in a roster."""

_WORKS = (
    select(_offices.c.id, _offices.c.name, _offices.c.code, _figures.c.day, _offices.c.province_code)
    .join_from(_figures, _queues, _queues.c.id == _figures.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(
        _figures.c.day.between(bindparam("first"), bindparam("last")),
        _figures.c.released > 0,
        _offices.c.is_active.is_(True),
    )
    .distinct()
)
_MARSHALS = (
    select(_roles.c.office_id, _roles.c.staff_id, _roles.c.valid_from, _roles.c.valid_to)
    .join(_members, _members.c.id == _roles.c.staff_id)
    .join(_offices, _offices.c.id == _roles.c.office_id)
    .where(_roles.c.role == Role.MARSHAL, _members.c.is_active.is_(True))
)
_OFF = (
    select(_off.c.office_id, _off.c.staff_id, _off.c.day)
    .join(_offices, _offices.c.id == _off.c.office_id)
    .where(_off.c.day.between(bindparam("first"), bindparam("last")))
)
_ROSTER = (
    select(_roles.c.staff_id, _members.c.name, _roles.c.role, _roles.c.valid_from, _roles.c.valid_to)
    .join(_members, _members.c.id == _roles.c.staff_id)
    .where(
        _roles.c.office_id == bindparam("office"),
        _roles.c.role.in_(AT_COUNTERS),
        _members.c.is_active.is_(True),
    )
    .order_by(_roles.c.role.desc(), _members.c.sorts_as, _members.c.id)
)


@dataclass(frozen=True, slots=True)
class UnkeptDay:
    """A working day of an office without a marshal on duty."""

    office_id: int
    office_name: Localised
    office_code: str
    day: date
    province_code: str = ""


@dataclass(frozen=True, slots=True)
class RosterMember:
    """Somebody of the roster, with their role at the office."""

    staff_id: int
    name: str
    role: Role
    duty: OnDuty


def unkept_days(session: Session, *, scope: Scope, today: date) -> list[UnkeptDay]:
    """The coming working days within `scope` on which no marshal is on duty, the nearest first. Three statements.

    A day is a working day where the office has places on it, as they were counted last. A marshal is somebody with that
    role at the office itself: one whose role covers a whole area stands at no door.
    """
    days = days_told_of(today)
    asked, within = {"first": days[0], "last": days[-1]}, offices_within(scope)
    works: dict[int, set[date]] = defaultdict(set)
    names: dict[int, tuple[Localised, str]] = {}
    provinces: dict[int, str] = {}
    for row in session.execute(_WORKS.where(within), asked):
        works[row.id].add(row.day)
        names[row.id] = (row.name, row.code)
        provinces[row.id] = row.province_code
    marshals: dict[int, list[OnDuty]] = defaultdict(list)
    for office_id, *role in session.execute(_MARSHALS.where(within)):
        marshals[office_id].append(OnDuty(*role))
    off: dict[int, set[tuple[int, date]]] = defaultdict(set)
    for office_id, staff_id, day in session.execute(_OFF.where(within), asked):
        off[office_id].add((staff_id, day))
    found = [
        UnkeptDay(id, *names[id], day, provinces[id])
        for id, its_days in works.items()
        for day in without_marshal(its_days, marshals=marshals[id], off=off[id])
    ]
    return sorted(found, key=lambda each: (each.day, each.office_code))


def roster_of(session: Session, *, office_id: int) -> list[RosterMember]:
    """The clerks and marshals of an office, the marshals first."""
    rows = session.execute(_ROSTER, {"office": office_id})
    return [
        RosterMember(row.staff_id, row.name, row.role, OnDuty(row.staff_id, row.valid_from, row.valid_to))
        for row in rows
    ]


def days_off_between(session: Session, *, office_id: int, first: date, last: date) -> set[tuple[int, date]]:
    """Who is off duty on which day."""
    rows = session.execute(_OFF.where(_off.c.office_id == office_id), {"first": first, "last": last})
    return {(staff_id, day) for _office, staff_id, day in rows}


def working_days(session: Session, *, office_id: int, first: date, last: date) -> set[date]:
    """The days between these on which the office has places, as they were counted last."""
    rows = session.execute(_WORKS.where(_offices.c.id == office_id), {"first": first, "last": last})
    return {row.day for row in rows}


def conditions_for(session: Session, *, at: Node) -> str | None:
    """What the nearest area says of whom it wants as marshals; None = it is not announced."""
    query = select(_conditions.c.conditions).where(_conditions.c.area.in_(at.areas))
    return session.scalar(query.order_by(_conditions.c.area.desc()).limit(1))


def own_conditions(session: Session, *, area: Node) -> str | None:
    """What this area itself says."""
    return session.scalar(select(_conditions.c.conditions).where(_conditions.c.area == area.path))
