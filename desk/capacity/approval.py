"""Whether the weekly hours of an office need the approval of those above it: a setting of the nation and provinces."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.capacity.models import HoursApproval
from desk.capacity.refusals import HoursNeedApproval
from desk.events import actions as events
from desk.offices.reach import node_of
from desk.organisation import Node
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_approvals = table_of(HoursApproval)
_SAID = (
    select(_approvals.c.is_needed)
    .where(_approvals.c.area.in_(bindparam("areas", expanding=True)))
    .order_by(_approvals.c.area.desc())
    .limit(1)
)


def is_needed(session: Session, *, at: Node) -> bool:
    """What the nearest area above says; where none says anything, the office measures its capacity by itself."""
    # A longer path that begins with a shorter one sorts after it.
    return bool(session.scalar(_SAID, {"areas": at.areas}))


def own_word(session: Session, *, area: Node) -> bool | None:
    """What this area itself says; None = it follows the one above."""
    return session.scalar(select(_approvals.c.is_needed).where(_approvals.c.area == area.path))


def words_of_areas(session: Session) -> dict[str, bool]:
    """What each area says that says anything, by its path. One statement."""
    rows = session.execute(select(_approvals.c.area, _approvals.c.is_needed))
    return {row.area: row.is_needed for row in rows}


def require_approved(session: WriteSession, actor: Actor, *, office_id: int) -> None:
    """Raise HoursNeedApproval where the actor may change the hours only by a worksheet that is approved."""
    node = node_of(session, office_id)
    if not actor.may(Permission.CAPACITY_WRITE, at=node.area) and is_needed(session, at=node):
        raise HoursNeedApproval(office_id=office_id)


def set_approval(session: WriteSession, *, area: Node, needed: bool | None, actor: Actor, now: datetime) -> None:
    """Say whether the offices below need approval; None = as the area above says. Raises OutOfReach."""
    actor.require(Permission.CAPACITY_WRITE, at=area)
    found = session.get(HoursApproval, area.path)
    before = found.is_needed if found else None
    if before == needed:
        return
    if needed is None:
        session.delete(found)
    elif found is None:
        session.add(HoursApproval(area=area.path, is_needed=needed))
    else:
        found.is_needed = needed
    session.flush()
    events.note(
        session,
        actor=actor,
        kind="approval.set",
        subject=f"area:{area.path}",
        province_code=area.province_code,
        old={"approval": before},
        new={"approval": needed},
        now=now,
    )
