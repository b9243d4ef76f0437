"""Events about the safety of accounts: where they belong, and requests that were turned away."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.events import actions as events
from desk.offices.models import Office
from desk.organisation import NATION, Node
from desk.staff.models import RoleAssignment
from desk.staff.queries import AT_OFFICE, ROLE, role_of
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_roles, _offices = table_of(RoleAssignment), table_of(Office)
_ROLES = (
    select(*ROLE)
    .join_from(_roles, _offices, AT_OFFICE, isouter=True)
    .where(_roles.c.staff_id == bindparam("staff"))
    .order_by(_roles.c.id)
)


class TurnedAway(StrEnum):
    """Why a request was turned away; the value is the kind of its event."""

    FORBIDDEN = "staff.forbidden"
    """The account does not hold the permission of the address."""
    FORGED = "staff.forged"
    """A form that does not prove that it comes from our own page."""
    OUT_OF_REACH = "staff.out_of_reach"
    """An object of another place, or one that is not there."""


def place_of(session: Session, *, staff_id: int) -> Node:
    """The one place of an account; the nation where it has none or several. Who reviews that place sees its events."""
    places = {role_of(*row).at for row in session.execute(_ROLES, {"staff": staff_id})}
    return places.pop() if len(places) == 1 else NATION


def note_turned_away(
    session: WriteSession, *, why: TurnedAway, member_id: int | None, page: str, number: int, now: datetime
) -> None:
    """Write that `number` requests of an account were turned away within a minute; None = nobody was signed in.

    `page` is the address of the first one, as the route table has it.
    """
    at = NATION if member_id is None else place_of(session, staff_id=member_id)
    events.note(
        session,
        kind=why,
        subject=f"staff:{member_id or 0}",
        actor=SYSTEM,
        office_id=at.office_id,
        province_code=None if at.office_id is not None else at.province_code,
        data={"number": number, "page": page},
        is_told=False,
        now=now,
    )
