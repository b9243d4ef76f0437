"""Whether the acting person may give these roles, or change this account: within their reach, not above their rank."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from desk.offices.models import Office
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.queries import roles_of
from desk.staff.refusals import NotYourStaff, NotYoursToGive
from desk.staff.rules import RoleInput, may_give
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_members = table_of(StaffMember)
_roles = table_of(RoleAssignment)
_offices = table_of(Office)


def require_may_change(session: WriteSession, staff_id: int | None, member_id: int) -> tuple[RoleInput, ...]:
    """The roles of the account, when it is there and the acting person could have given every one of them.

    Raises:
        NotYourStaff: it is not.
    """
    if session.scalar(select(_members.c.id).where(_members.c.id == member_id)) is None:
        raise NotYourStaff(member_id)
    rows = session.execute(
        select(_roles.c.role, _roles.c.scope, _roles.c.province_code, _roles.c.office_id).where(
            _roles.c.staff_id == member_id
        )
    )
    held = tuple(RoleInput(*row) for row in rows)
    if staff_id is None:
        return held
    try:
        require_may_give(session, staff_id, held)
    except NotYoursToGive as refusal:
        raise NotYourStaff(member_id) from refusal
    if not held and not any(role.key == "nation" for role in roles_of(session, staff_id=staff_id)):
        # An account without a role belongs to no office: only the nation may take it up again.
        raise NotYourStaff(member_id)
    return held


def require_may_give(session: WriteSession, staff_id: int | None, roles: Sequence[RoleInput]) -> None:
    """Let pass only roles within the acting person's reach and rank; the command line (None) may give any.

    Raises:
        NotYoursToGive: the first one that is beyond them.
    """
    if staff_id is None or not roles:
        return
    own = roles_of(session, staff_id=staff_id)
    office_ids = {role.office_id for role in roles if role.office_id is not None}
    rows = session.execute(select(_offices.c.id, _offices.c.province_code).where(_offices.c.id.in_(office_ids)))
    province_of: dict[int | None, str] = {row.id: row.province_code for row in rows}
    for role in roles:
        if not may_give(own, role, province_of_office=province_of.get(role.office_id)):
            raise NotYoursToGive(role.role, role.key)
