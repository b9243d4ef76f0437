"""Reading worksheets: those of an office, those that wait for the directorate, and what was really served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment, Household
from desk.calendar import local_day_of
from desk.capacity.models import OpeningRule, Queue, Slot
from desk.capacity.rows import RuleRow
from desk.capacity.weeks import week_on
from desk.deadlines import queries as deadlines
from desk.deadlines.rules import Side
from desk.language.text import Localised
from desk.line.models import LineEntry
from desk.line.rules import waiting_minutes
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.staff.models import StaffMember
from desk.storage.upsert import table_of
from desk.visits.models import Visit
from desk.visits.rules import Outcome
from desk.worksheets.actions import WORKSHEETS
from desk.worksheets.models import Worksheet
from desk.worksheets.rows import QueueWithWeek, WorksheetRow
from desk.worksheets.rules import AWAITS, MOST_DAYS_BACK, Measured, RecordedVisit, WorksheetState, measure, week_of

_sheets, _queues, _offices = table_of(Worksheet), table_of(Queue), table_of(Office)
_rules = table_of(OpeningRule)
_visits, _appointments, _slots = table_of(Visit), table_of(Appointment), table_of(Slot)
_line, _households = table_of(LineEntry), table_of(Household)
_stated, _decided = table_of(StaffMember).alias("stated"), table_of(StaffMember).alias("decided")
_due = deadlines.current(WORKSHEETS, _sheets.c.id, owed_by=Side.DESK, name="due")

_SHEETS: Select[Any] = (
    select(
        _sheets,
        _queues.c.name.label("queue_name"),
        _queues.c.office_id,
        _offices.c.name.label("office_name"),
        _offices.c.code.label("office_code"),
        _offices.c.area,
        _offices.c.zone,
        _stated.c.name.label("stated_name"),
        _decided.c.name.label("decided_name"),
        *_due.columns,
    )
    .select_from(
        _due.joined_to(
            _sheets.join(_queues, _queues.c.id == _sheets.c.queue_id)
            .join(_offices, _offices.c.id == _queues.c.office_id)
            .join(_stated, _stated.c.id == _sheets.c.stated_by, isouter=True)
            .join(_decided, _decided.c.id == _sheets.c.decided_by, isouter=True)
        )
    )
    .order_by(_sheets.c.id.desc())
)
_ONE = _SHEETS.where(_sheets.c.id == bindparam("worksheet"))
_OF_OFFICE = _SHEETS.where(_queues.c.office_id == bindparam("office")).limit(bindparam("most"))
_WAITS_OF_QUEUE = _SHEETS.where(_sheets.c.queue_id == bindparam("queue"), _sheets.c.state == WorksheetState.STATED)
_WAIT = (
    _SHEETS.where(_sheets.c.state.in_(sorted(AWAITS)))
    .order_by(None)
    .order_by(_due.due_at, _sheets.c.id)
    .limit(bindparam("most"))
)
_WAITING_NUMBER = (
    select(func.count())
    .select_from(_sheets)
    .join(_queues, _queues.c.id == _sheets.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(_sheets.c.state.in_(sorted(AWAITS)))
)
_RECORDED = (
    select(
        _slots.c.queue_id,
        *_appointments.c["day", "starts_at", "slot_id"],
        *_visits.c["arrived_at", "outcome_at", "outcome_by"],
        *_line.c["came_at", "first_called_at", "began_at", "is_walk_in"],
        _households.c.id.label("household_id"),
    )
    .join_from(_appointments, _visits, _visits.c.appointment_id == _appointments.c.id)
    .join(_slots, _slots.c.id == _appointments.c.slot_id)
    .outerjoin(_line, and_(_line.c.appointment_id == _appointments.c.id, _line.c.day == _appointments.c.day))
    .outerjoin(_households, and_(_households.c.id == _appointments.c.household_id, _households.c.shares_place))
    .where(
        _appointments.c.office_id == bindparam("office"),
        _appointments.c.day.between(bindparam("first"), bindparam("last")),
        _visits.c.outcome.in_([Outcome.SERVED, Outcome.COME_BACK]),
        _visits.c.outcome_by.is_not(None),
    )
)
_RULE = tuple(_rules.c[name] for name in RuleRow.__dataclass_fields__)
_WITH_RULES = (
    select(_queues.c.id, _queues.c.name, _queues.c.is_active, *_RULE)
    .join(_rules, _rules.c.queue_id == _queues.c.id, isouter=True)
    .where(_queues.c.office_id == bindparam("office"))
    .order_by(_queues.c.id, _rules.c.id)
)


def queues_with_weeks(session: Session, *, office_id: int, day: date) -> list[QueueWithWeek]:
    """The queues of an office, each with the week that holds on this day. One statement."""
    rules: dict[int, list[RuleRow]] = {}
    queues: dict[int, tuple[Localised, bool]] = {}
    for row in session.execute(_WITH_RULES, {"office": office_id}):
        queue_id, name, is_active, *rule = row
        queues[queue_id] = (name, is_active)
        if rule[0] is not None:
            rules.setdefault(queue_id, []).append(RuleRow(*rule))
    return [QueueWithWeek(id, *said, week_on(rules.get(id, ()), day=day)) for id, said in queues.items()]


def worksheet(session: Session, *, worksheet_id: int) -> WorksheetRow | None:
    """One worksheet; None where there is none."""
    found = session.execute(_ONE, {"worksheet": worksheet_id}).one_or_none()
    return None if found is None else _row(found)


def waiting_of(session: Session, *, queue_id: int) -> WorksheetRow | None:
    """What the office stated for this queue and nobody has decided; another statement would replace it."""
    found = session.execute(_WAITS_OF_QUEUE, {"queue": queue_id}).one_or_none()
    return None if found is None else _row(found)


def worksheets_of(session: Session, *, office_id: int, limit: int) -> list[WorksheetRow]:
    """The worksheets of the queues of an office, the newest first."""
    return [_row(each) for each in session.execute(_OF_OFFICE, {"office": office_id, "most": limit})]


def waiting_worksheets(session: Session, *, scope: Scope, limit: int) -> tuple[list[WorksheetRow], int]:
    """Those within `scope` that wait for the directorate, the first due first, and how many there are."""
    within = offices_within(scope)
    rows = [_row(each) for each in session.execute(_WAIT.where(within), {"most": limit})]
    return rows, session.scalar(_WAITING_NUMBER.where(within)) or 0


def measured(
    session: Session, *, office_id: int, zone: str, queue_ids: Collection[int], today: date
) -> dict[int, Measured]:
    """What the record of the last days says of each of these queues; one statement.

    Only what was recorded on the day itself: an outcome that was entered later says nothing of when it was.
    """
    asked = {"office": office_id, "first": today - timedelta(days=MOST_DAYS_BACK), "last": today}
    rows = session.execute(_RECORDED, asked)
    visits = _visits_of(row for row in rows if local_day_of(row.outcome_at, zone=zone).date == row.day)
    return {queue_id: measure(visits, queue_id=queue_id) for queue_id in queue_ids}


def _visits_of(rows: Iterable[Any]) -> list[RecordedVisit]:
    """One visit of each person; of a household that shares a place one for all, over when the last of it is done."""
    alone: list[RecordedVisit] = []
    together: dict[tuple[int, int], list[RecordedVisit]] = defaultdict(list)
    for row in rows:
        waited = None
        if row.first_called_at is not None:
            starts_at = None if row.is_walk_in else row.starts_at
            waited = waiting_minutes(came_at=row.came_at, starts_at=starts_at, called_at=row.first_called_at)
        visit = RecordedVisit(
            *(row.queue_id, row.day, row.arrived_at, row.outcome_at, row.outcome_by, row.began_at), waited=waited
        )
        if row.household_id is None:
            alone.append(visit)
        else:
            together[row.household_id, row.slot_id].append(visit)
    return [*alone, *map(_one_visit, together.values())]


def _one_visit(visits: list[RecordedVisit]) -> RecordedVisit:
    """The visit of a household: it begins with the first who is served, and no one is served before the last came."""
    last = max(visits, key=lambda each: each.done_at)
    return last._replace(
        arrived_at=max((each.arrived_at for each in visits if each.arrived_at is not None), default=None),
        began_at=min((each.began_at for each in visits if each.began_at is not None), default=None),
        waited=max((each.waited for each in visits if each.waited is not None), default=None),
    )


def _row(row: Row[Any]) -> WorksheetRow:
    return WorksheetRow(
        id=row.id,
        queue_id=row.queue_id,
        queue_name=row.queue_name,
        office_id=row.office_id,
        office_name=row.office_name,
        office_code=row.office_code,
        area=row.area,
        zone=row.zone,
        state=row.state,
        week=week_of(row.week),
        from_day=row.from_day,
        note=row.note,
        stated_at=row.stated_at,
        stated_by=row.stated_name,
        decided_at=row.decided_at,
        decided_by=row.decided_name,
        reason=row.reason,
        until_day=row.until_day,
        due=deadlines.due_of(row),
    )
