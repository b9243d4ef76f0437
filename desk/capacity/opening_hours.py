"""Reading when an office is open: the usual hours of a week, and the days that differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import chain

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from desk.capacity.models import CapacityException, Holiday, OpeningRule, Queue, QueueService
from desk.capacity.rows import WEEK, OpenDay, Ranges
from desk.capacity.rules import DayException, WeeklyRule, exception_of, open_hours
from desk.offices.models import Office
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of
from desk.values import LocalDay

_queue, _serves, _office = table_of(Queue), table_of(QueueService), table_of(Office)
_rule, _exception, _holiday = table_of(OpeningRule), table_of(CapacityException), table_of(Holiday)
_FIRST, _LAST = bindparam("first", type_=_rule.c.valid_from.type), bindparam("last", type_=_rule.c.valid_from.type)
_IN_USE = (
    _queue.c.office_id == bindparam("office"),
    _queue.c.is_active.is_(True),
    _office.c.is_active.is_(True),
)
_SERVES = (
    select(_serves.c.queue_id)
    .where(
        _serves.c.queue_id == _queue.c.id, _serves.c.service_id == bindparam("service"), _serves.c.is_active.is_(True)
    )
    .exists()
)
_RULES = (
    select(
        _queue.c.id,
        _office.c.province_code,
        *columns_for(
            WeeklyRule,
            *_rule.c["weekday", "opens", "closes", "minutes_per_person", "counters", "valid_from", "valid_to"],
        ),
    )
    .join(_queue, _queue.c.id == _rule.c.queue_id)
    .join(_office, _office.c.id == _queue.c.office_id)
    .where(*_IN_USE, _rule.c.valid_from <= _LAST, or_(_rule.c.valid_to.is_(None), _rule.c.valid_to >= _FIRST))
)
_RULES_FOR_SERVICE = _RULES.where(_SERVES)
_EXCEPTIONS = select(
    _exception.c.queue_id,
    _exception.c.day,
    _exception.c.kind,
    _exception.c.hours,
).where(_exception.c.queue_id.in_(bindparam("queues", expanding=True)), _exception.c.day.between(_FIRST, _LAST))
_HOLIDAYS = select(_holiday.c.day).where(
    _holiday.c.day.between(_FIRST, _LAST),
    _holiday.c.is_closed.is_(True),
    _holiday.c.withdrawn_at.is_(None),
    _holiday.c.province_key.in_(["", bindparam("province")]),
)


def open_days(
    session: Session, *, office_id: int, service_id: int | None, first: LocalDay, days: int = WEEK
) -> list[OpenDay]:
    """The hours of `days` days from `first` on, of any queue of the office or of those that serve `service_id`.

    Empty where no rule holds on any of these days: then nothing is known. Three statements, however many days.
    """
    span = {"first": first.date, "last": first.plus(days - 1).date}
    rules: dict[int, list[WeeklyRule]] = defaultdict(list)
    province = ""
    wanted = _RULES if service_id is None else _RULES_FOR_SERVICE
    asked = {"office": office_id} if service_id is None else {"office": office_id, "service": service_id}
    for queue_id, province_code, *rule in session.execute(wanted, {**span, **asked}):
        rules[queue_id].append(WeeklyRule(*rule))
        province = province_code
    if not rules:
        return []
    exceptions: dict[tuple[int, date], DayException] = {
        (row.queue_id, row.day): exception_of(row.kind, row.hours, None)
        for row in session.execute(_EXCEPTIONS, {**span, "queues": list(rules)})
    }
    off = set(session.scalars(_HOLIDAYS, {**span, "province": province}))

    def of(day: date) -> OpenDay:
        usual = (open_hours(each, exception=None, holiday=False, day=day) for each in rules.values())
        hours = (
            open_hours(each, exception=exceptions.get((queue_id, day)), holiday=day in off, day=day)
            for queue_id, each in rules.items()
        )
        return OpenDay(LocalDay(day), usual=merged(chain(*usual)), hours=merged(chain(*hours)))

    found = [of(first.date + timedelta(days=ahead)) for ahead in range(days)]
    return found if any(each.usual or each.hours for each in found) else []


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The hours of several queues as one: those that overlap or touch are joined."""
    whole: list[tuple[int, int]] = []
    for opens, closes in sorted(ranges):
        if whole and opens <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(closes, whole[-1][1]))
        else:
            whole.append((opens, closes))
    return tuple(whole)
