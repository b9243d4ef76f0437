"""Lets one transaction at a time change accounts."""

from __future__ import annotations

from sqlalchemy import select

from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.queries import IS_ADMINISTRATOR
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_members, _roles = table_of(StaffMember), table_of(RoleAssignment)


def one_change_at_a_time(session: WriteSession) -> None:
    """Lock the accounts of all administrators, so that changes of any accounts run one after the other.

    Otherwise two administrators who close each other at one moment would each count the other as remaining. The lock is
    taken before the roles are read, so that a person who was just closed cannot close others. In order of id, against
    deadlocks; closed accounts too, since one may be closed at this moment. SQLite has one writer anyway.
    """
    ids = select(_roles.c.staff_id).where(IS_ADMINISTRATOR)
    # `key_share`: history and sessions, which only refer to an account, need not wait.
    session.execute(
        select(_members.c.id).where(_members.c.id.in_(ids)).order_by(_members.c.id).with_for_update(key_share=True)
    )
