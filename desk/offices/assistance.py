"""What an office says of itself: on which weekdays it has a woman clerk, or an interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.calendar import weekday_bits, weekdays_in
from desk.events import actions as events
from desk.offices.models import OfficeAssistance
from desk.offices.reach import node_of
from desk.offices.rows import StatedAssistance
from desk.offices.rules import Assistance
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of

_stated = table_of(OfficeAssistance)
_KINDS = tuple(kind.value for kind in Assistance)
_OF_OFFICE = select(*_stated.c[_KINDS]).where(_stated.c.office_id == bindparam("office"))
HAS_NONE = "none"
"""In the history: it has this on no day."""


def stated(session: Session, *, office_id: int) -> StatedAssistance:
    """What the office says that it has; nothing where it has said nothing."""
    found = session.execute(_OF_OFFICE, {"office": office_id}).one_or_none()
    if found is None:
        return StatedAssistance()
    return StatedAssistance(
        {kind: weekdays_in(bits) for kind in Assistance if (bits := found._mapping[kind.value]) is not None}
    )


def state_assistance(
    session: WriteSession,
    *,
    office_id: int,
    weekdays: Mapping[Assistance, frozenset[int]],
    actor: Actor,
    now: datetime,
) -> None:
    """Say what the office has on which weekdays; what is missing is not announced, and none = it has it never.

    Raises OutOfReach.
    """
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, office_id))
    before = stated(session, office_id=office_id).weekdays
    if before == weekdays:
        return
    bits = {kind.value: weekday_bits(weekdays[kind]) if kind in weekdays else None for kind in Assistance}
    session.execute(
        insert_or_update(session, OfficeAssistance, unique=("office_id",), updates=_KINDS),
        {"office_id": office_id, **bits},
    )
    events.note(
        session,
        actor=actor,
        kind="office.assistance",
        subject=f"office:{office_id}",
        office_id=office_id,
        old=_told(before),
        new=_told(weekdays),
        now=now,
    )


def _told(weekdays: Mapping[Assistance, frozenset[int]]) -> dict[str, list[str] | None]:
    """As the history keeps it: the numbers of the weekdays."""
    return {
        kind.value: ([str(day) for day in sorted(weekdays[kind])] or [HAS_NONE]) if kind in weekdays else None
        for kind in Assistance
    }
