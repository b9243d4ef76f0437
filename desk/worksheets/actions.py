"""The actions on worksheets: the office states what it can do and takes it back, the directorate decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from desk.acting import Actor, OutOfReach, Permission
from desk.calendar import instant_of, local_day_of
from desk.capacity import approval
from desk.capacity.asking import require_queue
from desk.capacity.models import Queue
from desk.capacity.refusals import TermPassed
from desk.capacity.saving_weeks import set_week, told
from desk.capacity.standing_rules import standing_rules
from desk.capacity.weeks import Week, plan_week, week_on
from desk.deadlines import actions as deadlines
from desk.deadlines.rules import WORKSHEET, Promise
from desk.events import actions as events
from desk.events.rules import plain
from desk.offices.models import Office
from desk.offices.reach import node_of
from desk.organisation import Node, office
from desk.refusals import whole
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of
from desk.values import LocalDay
from desk.worksheets.models import Worksheet
from desk.worksheets.refusals import NotToBeDecided, ReturnedWithoutReason
from desk.worksheets.rules import (
    DECISIONS,
    HOLDS,
    LONGEST_NOTE,
    LONGEST_RETURN,
    MAY_FOLLOW,
    TIME_TO_DECIDE,
    WorksheetState,
    week_of,
)

WORKSHEETS = "worksheets"
"""The subject of their deadlines."""

_sheets, _queues, _offices = table_of(Worksheet), table_of(Queue), table_of(Office)
_FOUND = (
    select(
        _sheets.c.id,
        _sheets.c.queue_id,
        _sheets.c.state,
        _sheets.c.week,
        _sheets.c.from_day,
        _queues.c.office_id,
        _offices.c.area,
        _offices.c.zone,
    )
    .join(_queues, _queues.c.id == _sheets.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(_sheets.c.id == bindparam("worksheet"))
)
_ZONE = select(_offices.c.zone).where(_offices.c.id == bindparam("office"))
_WAITING = select(_sheets.c.id, _sheets.c.state).where(
    _sheets.c.queue_id == bindparam("queue"), _sheets.c.state.in_(bindparam("states", expanding=True))
)


class _ToDecide(NamedTuple):
    id: int
    queue_id: int
    state: WorksheetState
    week: dict[str, Any]
    from_day: date
    office_id: int
    area: str
    zone: str

    @property
    def node(self) -> Node:
        """The node of its office."""
        return office(self.office_id, area=self.area)


def state_capacity(
    session: WriteSession,
    *,
    queue_id: int,
    week: Week,
    from_day: date,
    note: str = "",
    is_sure: bool = False,
    actor: Actor,
    now: datetime,
) -> int:
    """The office states what a queue of it can do in a week; returns the id of the worksheet.

    Where approval is needed, the hours of before hold until the directorate has decided; a statement that waits is
    replaced. Where it is not, the week holds from `from_day` on. Raises as `plan_week` does, and OutOfReach.
    """
    office_id = require_queue(session, actor, queue_id=queue_id)
    hold(session, subject=f"worksheet:{queue_id}")
    zone: str = session.execute(_ZONE, {"office": office_id}).scalar_one()
    rules = standing_rules(session, queue_id)
    before = week_on(rules, day=from_day)
    today = local_day_of(now, zone=zone).date
    plan_week(rules, week=week, from_day=from_day, to_day=None, goes_back=False, today=today, is_sure=is_sure)
    waits = approval.is_needed(session, at=node_of(session, office_id))
    for id, state in _waiting(session, queue_id, states=[WorksheetState.STATED]):
        _end(session, id, state=state, to=WorksheetState.REPLACED, actor=actor, now=now)
    state = WorksheetState.STATED if waits else WorksheetState.OWN
    values: dict[str, Any] = {
        "queue_id": queue_id,
        "state": state,
        "week": told(week),
        "from_day": from_day,
        "note": whole(note, most=LONGEST_NOTE),
        "stated_at": now,
        "stated_by": actor.staff_id,
        "decided_at": None if waits else now,
        "reason": "",
    }
    worksheet_id: int = session.execute(insert(_sheets).values(**values).returning(_sheets.c.id)).scalar_one()
    events.note(
        session,
        actor=actor,
        kind="worksheet.state",
        subject=f"queue:{queue_id}",
        office_id=office_id,
        old=told(before),
        new=told(week),
        data={"valid_from": plain(from_day), "places": [before.places, week.places], "state": state.value},
        now=now,
    )
    if waits:
        _promise(session, worksheet_id, length=TIME_TO_DECIDE, is_first=True, now=now)
    else:
        set_week(session, queue_ids=[queue_id], week=week, from_day=from_day, is_sure=True, actor=actor, now=now)
    return worksheet_id


def decide(
    session: WriteSession,
    *,
    worksheet_id: int,
    state: WorksheetState,
    reason: str = "",
    until_day: date | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """The directorate approves a worksheet, lets it stand until it looks again on `until_day`, or returns it.

    Returns the id of the queue. What holds changes its week, so that it is called within a change whose consequences
    are shown first. Nothing ends by itself on `until_day`; and where a week that stands for a time is returned, its
    hours stay until others are set. Raises OutOfReach for those who do not stand above the office, NotToBeDecided,
    ReturnedWithoutReason, TermPassed, and as `set_week` does.
    """
    sheet = _sheet(session, worksheet_id)
    actor.require(Permission.CAPACITY_WRITE, at=sheet.node.area)
    if state not in DECISIONS or state not in MAY_FOLLOW[sheet.state]:
        raise NotToBeDecided(state=sheet.state, wanted=state)
    if state is WorksheetState.RETURNED and not reason.strip():
        raise ReturnedWithoutReason
    today = local_day_of(now, zone=sheet.zone).date
    if state is not WorksheetState.FOR_A_TIME:
        until_day = None
    elif until_day is None or until_day < today:
        raise TermPassed(day=until_day or today)
    values: dict[str, Any] = {"state": state, "until_day": until_day, "reason": whole(reason, most=LONGEST_RETURN)}
    values |= {"decided_at": now, "decided_by": actor.staff_id}
    session.execute(update(_sheets).where(_sheets.c.id == worksheet_id).values(**values))
    _note_decision(session, sheet, state=state, until_day=until_day, actor=actor, now=now)
    if until_day is not None:
        over = instant_of(LocalDay(until_day + timedelta(days=1)), minutes=0, zone=sheet.zone)
        _promise(session, worksheet_id, length=over - now, is_first=False, now=now)
    else:
        deadlines.meet(session, subject=WORKSHEETS, subject_id=worksheet_id, now=now)
    if state in HOLDS and sheet.state is WorksheetState.STATED:
        for id, other in _waiting(session, sheet.queue_id, states=[WorksheetState.FOR_A_TIME]):
            if id != worksheet_id:
                _end(session, id, state=other, to=WorksheetState.REPLACED, actor=actor, now=now)
        first = max(sheet.from_day, today)
        week = week_of(sheet.week)
        # The office said when it stated the week that unusual figures are meant.
        set_week(session, queue_ids=[sheet.queue_id], week=week, from_day=first, is_sure=True, actor=actor, now=now)
    return sheet.queue_id


def withdraw(session: WriteSession, *, worksheet_id: int, actor: Actor, now: datetime) -> int:
    """The office takes a worksheet back that nobody has decided; returns the id of its queue.

    Raises OutOfReach, NotToBeDecided.
    """
    sheet = _sheet(session, worksheet_id)
    actor.require(Permission.CAPACITY_WRITE, at=sheet.node)
    _end(session, worksheet_id, state=sheet.state, to=WorksheetState.WITHDRAWN, actor=actor, now=now)
    _note_decision(session, sheet, state=WorksheetState.WITHDRAWN, until_day=None, actor=actor, now=now)
    return sheet.queue_id


def _sheet(session: WriteSession, worksheet_id: int) -> _ToDecide:
    """The worksheet as it stands when nobody else may decide about the queue."""
    found = session.execute(_FOUND, {"worksheet": worksheet_id}).one_or_none()
    if found is None:
        raise OutOfReach(Permission.CAPACITY_WRITE)
    hold(session, subject=f"worksheet:{found.queue_id}")
    return _ToDecide(*session.execute(_FOUND, {"worksheet": worksheet_id}).one())


def _waiting(session: WriteSession, queue_id: int, *, states: list[WorksheetState]) -> list[Any]:
    return list(session.execute(_WAITING, {"queue": queue_id, "states": states}))


def _end(
    session: WriteSession, id: int, *, state: WorksheetState, to: WorksheetState, actor: Actor, now: datetime
) -> None:
    """Let a worksheet be withdrawn or replaced: nobody owes anything for it any more."""
    if to not in MAY_FOLLOW[state]:
        raise NotToBeDecided(state=state, wanted=to)
    values: dict[str, Any] = {"state": to}
    if state is WorksheetState.STATED:
        values |= {"decided_at": now, "decided_by": actor.staff_id}
    session.execute(update(_sheets).where(_sheets.c.id == id).values(**values))
    deadlines.drop(session, subject=WORKSHEETS, subject_id=id, now=now)


def _promise(session: WriteSession, id: int, *, length: timedelta, is_first: bool, now: datetime) -> None:
    promises = [Promise(WORKSHEET, length)]
    deadlines.start(session, subject=WORKSHEETS, subject_id=id, promises=promises, is_first=is_first, now=now)


def _note_decision(
    session: WriteSession,
    sheet: _ToDecide,
    *,
    state: WorksheetState,
    until_day: date | None,
    actor: Actor,
    now: datetime,
) -> None:
    events.note(
        session,
        actor=actor,
        kind="worksheet.decide",
        subject=f"queue:{sheet.queue_id}",
        office_id=sheet.office_id,
        old={"state": sheet.state.value},
        new={"state": state.value},
        data={"until_day": plain(until_day)},
        now=now,
    )
