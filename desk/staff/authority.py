"""Checks whether the actor may give these roles or change this account: within their scope and rank.

They read the database inside the transaction that changes accounts: an actor who has just been closed or lost a role
must not close others.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from desk.acting import Actor, OutOfReach, Permission
from desk.calendar import TEHRAN, local_day_of
from desk.offices.models import Office
from desk.organisation import NATION
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.queries import AT_OFFICE, ROLE, role_of, roles_of
from desk.staff.refusals import NotYourStaff, NotYoursToGive
from desk.staff.rules import RoleInput, may_give
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_members, _roles, _offices = table_of(StaffMember), table_of(RoleAssignment), table_of(Office)


def require_may_change(session: WriteSession, actor: Actor, member_id: int, *, now: datetime) -> tuple[RoleInput, ...]:
    """The roles of the account, if the actor could have given each of them.

    Raises:
        OutOfReach: the actor changes no accounts at all. NotYourStaff: there is no such account, or a role of it is
            beyond them.
    """
    _require_some(actor)
    if session.scalar(select(_members.c.id).where(_members.c.id == member_id)) is None:
        raise NotYourStaff(member_id)
    rows = session.execute(
        select(*ROLE).join_from(_roles, _offices, AT_OFFICE, isouter=True).where(_roles.c.staff_id == member_id)
    )
    held = tuple(role_of(*row) for row in rows)
    if actor.is_system:
        return held
    try:
        require_may_give(session, actor, held, is_new=False, now=now)
    except NotYoursToGive as refusal:
        raise NotYourStaff(member_id) from refusal
    if not held and not any(role.at == NATION for role in _own_roles(session, actor)):
        # An account without a role belongs to no office: only the nation may change it.
        raise NotYourStaff(member_id)
    return held


def require_may_give(
    session: WriteSession, actor: Actor, roles: Sequence[RoleInput], *, is_new: bool = True, now: datetime
) -> None:
    """Check that the roles are within the actor's scope and rank, and new ones end with the actor's own; the system
    may give any role.

    Raises:
        OutOfReach: the actor changes no accounts at all. NotYoursToGive: with the first role that is beyond them.
    """
    _require_some(actor)
    if actor.is_system or not roles:
        return
    own, today = _own_roles(session, actor), local_day_of(now, zone=TEHRAN).date
    for role in roles:
        if not may_give(own, role, day=today, is_new=is_new):
            raise NotYoursToGive(role.role, role.key)


def _require_some(actor: Actor) -> None:
    if not actor.scope(Permission.STAFF_WRITE):
        raise OutOfReach(Permission.STAFF_WRITE)


def _own_roles(session: WriteSession, actor: Actor) -> tuple[RoleInput, ...]:
    return () if actor.staff_id is None else roles_of(session, staff_id=actor.staff_id)
