"""Reads several queues of several offices at once, within a scope: their names, services, and opening rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from desk.capacity.models import OpeningRule, Queue, QueueService
from desk.capacity.rows import RuleRow
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_queue, _office, _serves, _rule = table_of(Queue), table_of(Office), table_of(QueueService), table_of(OpeningRule)


@dataclass(frozen=True, slots=True)
class QueueThere:
    """A queue with its office, and the version of its rules."""

    id: int
    name: Localised
    rule_version: int
    office_id: int
    office_name: Localised
    office_code: str


_QUEUES: Select[Any] = (
    select(
        *_queue.c["id", "name", "rule_version", "office_id"],
        _office.c.name.label("office_name"),
        _office.c.code.label("office_code"),
    )
    .join(_office, _office.c.id == _queue.c.office_id)
    .order_by(_office.c.code, _queue.c.id)
)
_RULES = select(*columns_for(RuleRow, *(_rule.c[name] for name in RuleRow.__dataclass_fields__)))


def queues_there(
    session: Session,
    *,
    scope: Scope,
    queue_ids: Collection[int],
    codes: Collection[str] = (),
    service_ids: Collection[int] = (),
) -> list[QueueThere]:
    """The queues of these ids, and those in use that give one of these services at offices with these codes.

    What lies outside of `scope` is left out.
    """
    gives = select(_serves.c.queue_id).where(_serves.c.service_id.in_(service_ids), _serves.c.is_active.is_(True))
    by_code = _office.c.code.in_(codes) & _queue.c.is_active.is_(True) & _queue.c.id.in_(gives)
    query = _QUEUES.where(offices_within(scope), or_(_queue.c.id.in_(queue_ids), by_code))
    return [QueueThere(*row) for row in session.execute(query)]


def queues_of_offices(session: Session, *, office_ids: Collection[int]) -> list[QueueThere]:
    """The queues in use of these offices. One statement."""
    query = _QUEUES.where(_queue.c.office_id.in_(office_ids), _queue.c.is_active.is_(True))
    return [QueueThere(*row) for row in session.execute(query)]


def rules_by_queue(session: Session, *, queue_ids: Iterable[int]) -> dict[int, list[RuleRow]]:
    """All opening rules of these queues. One statement."""
    found: dict[int, list[RuleRow]] = defaultdict(list)
    for row in session.execute(_RULES.where(_rule.c.queue_id.in_(list(queue_ids)))):
        found[row.queue_id].append(RuleRow(*row))
    return found
