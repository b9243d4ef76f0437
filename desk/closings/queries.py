"""Reading closings: how far one is, and which days of which queues one would be about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, String, bindparam, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from desk.capacity.cutting import CutKind, DayCut
from desk.capacity.models import Queue
from desk.closings.foreseeing import QueueDay
from desk.closings.models import ClosedDay, StaffClosing
from desk.closings.rules import NOT_YET, DayStep
from desk.consequences.actions import changes
from desk.consequences.recording import changed
from desk.consequences.rules import Progress
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Node, Scope, office
from desk.storage.upsert import table_of

_closings, _days, _queues, _offices = (table_of(model) for model in (StaffClosing, ClosedDay, Queue, Office))
_IN_USE = (
    select(_queues.c.id, _queues.c.office_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(_queues.c.is_active.is_(True), _offices.c.is_active.is_(True))
    .order_by(_queues.c.id)
)


_OF_IT: BindParameter[int] = bindparam("change")
_CLOSING = (
    select(*changes.c["subject", "detail", "reason", "at", "carry_from"], *_closings.c["wish", "undone_at"])
    .join(changes, changes.c.id == _closings.c.change_id)
    .where(_closings.c.change_id == _OF_IT)
)
_COUNTS = union_all(
    select(literal(True).label("is_day"), cast(_days.c.step, String).label("step"), func.count().label("number"))
    .where(_days.c.change_id == _OF_IT)
    .group_by(_days.c.step),
    select(literal(False), cast(changed.c.step, String), func.count())
    .where(changed.c.change_id == _OF_IT)
    .group_by(changed.c.step),
)
_ITS_OFFICES = (
    select(*_offices.c["id", "name", "code", "area"])
    .where(
        _offices.c.id.in_(
            select(_queues.c.office_id)
            .join(_days, _days.c.queue_id == _queues.c.id)
            .where(_days.c.change_id == _OF_IT)
            .scalar_subquery()
        )
    )
    .order_by(_offices.c.code)
)


class OfficeOfClosing(NamedTuple):
    """An office of which days are closed or opened."""

    id: int
    name: Localised
    code: str
    area: str

    @property
    def node(self) -> Node:
        """Its place in the organisation."""
        return office(self.id, area=self.area)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRow:
    """How far a closing is, and how many people it has moved."""

    change_id: int
    subject: str
    detail: dict[str, Any]
    """`day` and `until` of the closing."""
    by: DayCut
    reason: str
    at: datetime
    told_from: datetime | None
    """From when people are told; None = some days are still to be changed."""
    undone_at: datetime | None
    done: int
    """Days of queues that are as they are to be."""
    left: int
    """Those among them that were left as they were."""
    total: int
    people: Mapping[Progress, int]
    """How many people are how far; nobody of a closing that was taken back."""

    @property
    def number(self) -> int:
        """All people who are hit."""
        return sum(self.people.values())

    @property
    def waiting(self) -> int:
        """Those of them who have not been moved yet."""
        return self.people.get(Progress.WAITING, 0)

    @property
    def can_be_undone(self) -> bool:
        """Whether it is a closing and nobody has been told of it yet."""
        is_nobody_told = not self.people.keys() - {Progress.WAITING, Progress.LEFT}
        return self.by.kind is CutKind.CLOSE and self.undone_at is None and is_nobody_told

    @property
    def is_under_way(self) -> bool:
        """Whether days are still to be changed, or people to be moved."""
        return self.done < self.total or self.waiting > 0


def closing_of(session: Session, *, change_id: int) -> ClosingRow | None:
    """The closing of this change; None where the change is none."""
    found = session.execute(_CLOSING, {"change": change_id}).one_or_none()
    if found is None:
        return None
    counts = session.execute(_COUNTS, {"change": change_id}).all()
    steps = {DayStep(row.step): row.number for row in counts if row.is_day}
    people = {Progress(row.step): row.number for row in counts if not row.is_day}
    total = sum(steps.values())
    rest = steps.get(DayStep.WAITING, 0) + steps.get(DayStep.BACK, 0)
    return ClosingRow(
        change_id=change_id,
        subject=found.subject,
        detail=found.detail,
        by=DayCut.of(found.wish),
        reason=found.reason,
        at=found.at,
        told_from=None if found.carry_from == NOT_YET else found.carry_from,
        undone_at=found.undone_at,
        done=total - rest,
        left=steps.get(DayStep.LEFT, 0),
        total=total,
        people=people,
    )


def offices_of(session: Session, *, change_id: int) -> list[OfficeOfClosing]:
    """The offices of this closing, in the order of their codes."""
    return [OfficeOfClosing(*row) for row in session.execute(_ITS_OFFICES, {"change": change_id})]


def queue_days(
    session: Session,
    *,
    scope: Scope,
    days: Collection[date],
    province_code: str | None = None,
    office_id: int | None = None,
    queue_id: int | None = None,
) -> list[QueueDay]:
    """These days of the queues in use within `scope` at one place; no place = all of them."""
    query = _IN_USE.where(offices_within(scope))
    if queue_id is not None:
        query = query.where(_queues.c.id == queue_id)
    if office_id is not None:
        query = query.where(_offices.c.id == office_id)
    if province_code is not None:
        query = query.where(_offices.c.province_code == province_code)
    return [QueueDay(row.id, day) for row in session.execute(query) for day in sorted(days)]


def queue_days_of_offices(session: Session, *, scope: Scope, cells: Collection[tuple[int, date]]) -> list[QueueDay]:
    """Likewise for pairs of an office and a day, as they are painted over the days of many offices."""
    wanted: dict[int, list[date]] = {}
    for office_id, day in sorted(cells):
        wanted.setdefault(office_id, []).append(day)
    ids = sorted(wanted)
    found: list[QueueDay] = []
    for first in range(0, len(ids), 500):
        query = _IN_USE.where(offices_within(scope), _offices.c.id.in_(ids[first : first + 500]))
        found += [QueueDay(row.id, day) for row in session.execute(query) for day in wanted[row.office_id]]
    return found
