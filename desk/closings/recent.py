"""Reading the latest closings that a member of staff can reach, so that the page of one is found again in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from desk.capacity.cutting import DayCut
from desk.capacity.models import Queue
from desk.closings.models import ClosedDay, StaffClosing
from desk.closings.rules import NOT_YET
from desk.consequences.actions import changes
from desk.language.text import Localised
from desk.offices.models import Office, Province
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.storage.types import UtcDateTime
from desk.storage.upsert import table_of

LATELY: Final = timedelta(days=1)
MOST: Final = 3

_closings, _days, _queues, _offices, _provinces = (
    table_of(model) for model in (StaffClosing, ClosedDay, Queue, Office, Province)
)
_SINCE: BindParameter[datetime] = bindparam("since", type_=UtcDateTime())
_QUEUES_OF_IT = _days.join(_queues, _queues.c.id == _days.c.queue_id)
_OF_IT = _days.c.change_id == _closings.c.change_id
_FIRST = select(func.min(_queues.c.office_id)).select_from(_QUEUES_OF_IT).where(_OF_IT)
_NUMBER = select(func.count(_queues.c.office_id.distinct())).select_from(_QUEUES_OF_IT).where(_OF_IT)
_RECENT = (
    select(
        *changes.c["id", "subject", "detail", "carry_from"],
        _closings.c.wish,
        _offices.c.name.label("office"),
        _provinces.c.name.label("province"),
        _NUMBER.correlate(_closings).scalar_subquery().label("offices"),
    )
    .select_from(_closings)
    .join(changes, changes.c.id == _closings.c.change_id)
    .join(_offices, _offices.c.id == _FIRST.correlate(_closings).scalar_subquery())
    .join(_provinces, _provinces.c.code == _offices.c.province_code)
    .where(_closings.c.undone_at.is_(None), changes.c.at >= _SINCE)
    .order_by(changes.c.id.desc())
    .limit(MOST)
)


class RecentClosing(NamedTuple):
    """A closing of the last day that stands, and where it is."""

    change_id: int
    subject: str
    by: DayCut
    first: date
    last: date
    offices: int
    office: Localised
    """The first of its offices."""
    province: Localised
    told_from: datetime | None
    """From when people are told; None = some days are still to be changed."""


def recent_closings(session: Session, *, scope: Scope, now: datetime) -> list[RecentClosing]:
    """The latest closings of the last day with an office within `scope`, the newest first; none that was undone."""
    here = select(_days.c.id).select_from(_QUEUES_OF_IT.join(_offices, _offices.c.id == _queues.c.office_id))
    in_reach = here.where(_OF_IT, offices_within(scope)).correlate(_closings).exists()
    return [_recent(row) for row in session.execute(_RECENT.where(in_reach), {"since": now - LATELY})]


def _recent(row: Any) -> RecentClosing:
    return RecentClosing(
        change_id=row.id,
        subject=row.subject,
        by=DayCut.of(row.wish),
        first=date.fromisoformat(row.detail["day"]),
        last=date.fromisoformat(row.detail["until"]),
        offices=row.offices,
        office=row.office,
        province=row.province,
        told_from=None if row.carry_from == NOT_YET else row.carry_from,
    )
