"""The actions on leave: somebody of an office asks for days off or takes that back, and the manager decides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from desk.acting import Actor, OutOfReach, Permission
from desk.calendar import TEHRAN, local_day_of
from desk.events import actions as events
from desk.events.rules import plain
from desk.offices.reach import node_of
from desk.refusals import whole
from desk.rosters.actions import set_days_off
from desk.rosters.models import Leave
from desk.rosters.queries import days_off_between, roster_of
from desk.rosters.refusals import DeclinedWithoutWord, LeaveAskedTwice, LeaveDecided, LeaveOutOfOrder, NotInTheRoster
from desk.rosters.rules import (
    LEAVE_AHEAD,
    LONGEST_REASON,
    LONGEST_WORD,
    MOST_LEAVE,
    LeaveState,
    days_of,
)
from desk.rosters.stored import stored_reason, stored_word
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of

_leaves = table_of(Leave)
_c = _leaves.c
_FOUND = select(_c.id, _c.office_id, _c.staff_id, _c.first, _c.last, _c.state).where(_c.id == bindparam("leave"))
_STANDS = select(_c.first, _c.last).where(
    _c.staff_id == bindparam("staff"),
    _c.office_id == bindparam("office"),
    _c.state.in_([LeaveState.ASKED, LeaveState.GRANTED]),
    _c.last >= bindparam("from_day"),
    _c.first <= bindparam("until_day"),
)


class _Asked(NamedTuple):
    id: int
    office_id: int
    staff_id: int
    first: date
    last: date
    state: LeaveState


def ask_leave(
    session: WriteSession,
    *,
    office_id: int,
    first: date,
    last: date,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Somebody of the roster of an office asks for days off, for themselves; returns the id.

    Nothing changes by that until the manager grants it. Raises OutOfReach, NotInTheRoster,
    LeaveOutOfOrder, LeaveAskedTwice.
    """
    actor.require(Permission.APPOINTMENTS_RECORD, at=node_of(session, office_id))
    staff_id = actor.staff_id
    if staff_id is None or all(each.staff_id != staff_id for each in roster_of(session, office_id=office_id)):
        raise NotInTheRoster(Permission.APPOINTMENTS_RECORD)
    today = local_day_of(now, zone=TEHRAN).date
    if not today <= first <= last <= today + LEAVE_AHEAD or len(days_of(first, last)) > MOST_LEAVE:
        raise LeaveOutOfOrder(first=first, last=last)
    hold(session, subject=f"leave:{office_id}")
    asked = {"staff": staff_id, "office": office_id, "from_day": first, "until_day": last}
    stands = session.execute(_STANDS, asked).first()
    if stands is not None:
        raise LeaveAskedTwice(first=stands.first, last=stands.last)
    values: dict[str, Any] = {
        "office_id": office_id,
        "staff_id": staff_id,
        "first": first,
        "last": last,
        "state": LeaveState.ASKED,
        "asked_at": now,
    }
    id: int = session.execute(insert(_leaves).values(**values).returning(_c.id)).scalar_one()
    said = stored_reason(session.keys, whole(reason.strip(), most=LONGEST_REASON), leave_id=id)
    if said is not None:  # it is sealed to its row, so that the row is there first
        session.execute(update(_leaves).where(_c.id == id).values(reason_sealed=said))
    _note(session, "leave.ask", _Asked(id, office_id, staff_id, first, last, LeaveState.ASKED), actor=actor, now=now)
    return id


def withdraw_leave(session: WriteSession, *, leave_id: int, actor: Actor, now: datetime) -> int:
    """Who asked takes it back before it was decided; returns the id of the office.

    Raises OutOfReach for everybody else, LeaveDecided.
    """
    leave = _leave(session, leave_id)
    if actor.staff_id != leave.staff_id and not actor.is_system:
        raise OutOfReach(Permission.APPOINTMENTS_RECORD)
    actor.require(Permission.APPOINTMENTS_RECORD, at=node_of(session, leave.office_id))
    _end(session, leave, state=LeaveState.WITHDRAWN, actor=actor, now=now)
    _note(session, "leave.withdraw", leave, actor=actor, now=now)
    return leave.office_id


def decide_leave(
    session: WriteSession, *, leave_id: int, is_granted: bool, word: str = "", actor: Actor, now: datetime
) -> int:
    """The manager grants leave, by which its days are off duty as if they were entered, or declines it with a word.

    Counters are closed by themselves in neither case: that is asked on the sheet that shows whom it hits. Returns the
    id of the office. Raises OutOfReach, LeaveDecided, DeclinedWithoutWord.
    """
    leave = _leave(session, leave_id)
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, leave.office_id))
    if not is_granted and not word.strip():
        raise DeclinedWithoutWord
    state = LeaveState.GRANTED if is_granted else LeaveState.DECLINED
    said = stored_word(session.keys, whole(word.strip(), most=LONGEST_WORD), leave_id=leave.id)
    _end(session, leave, state=state, word_sealed=said, actor=actor, now=now)
    _note(session, "leave.decide", leave, new={"state": state.value}, actor=actor, now=now)
    if is_granted:
        # Held before the others' days are read: they are written again with these.
        hold(session, subject=f"roster:{leave.office_id}")
        first, last = leave.first, leave.last
        others = days_off_between(session, office_id=leave.office_id, first=first, last=last)
        off = others | {(leave.staff_id, day) for day in days_of(first, last)}
        set_days_off(session, office_id=leave.office_id, first=first, last=last, off=off, actor=actor, now=now)
    return leave.office_id


def _leave(session: WriteSession, leave_id: int) -> _Asked:
    """The leave as it stands when nobody else may decide about one of the office."""
    found = session.execute(_FOUND, {"leave": leave_id}).one_or_none()
    if found is None:
        raise OutOfReach(Permission.CAPACITY_WRITE)
    hold(session, subject=f"leave:{found.office_id}")
    return _Asked(*session.execute(_FOUND, {"leave": leave_id}).one())


def _end(
    session: WriteSession, leave: _Asked, *, state: LeaveState, actor: Actor, now: datetime, **more: bytes | None
) -> None:
    if leave.state is not LeaveState.ASKED:
        raise LeaveDecided(state=leave.state)
    values = {"state": state, "decided_at": now, "decided_by": actor.staff_id, **more}
    session.execute(update(_leaves).where(_c.id == leave.id).values(**values))


def _note(
    session: WriteSession,
    kind: str,
    leave: _Asked,
    *,
    new: dict[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    events.note(
        session,
        actor=actor,
        kind=kind,
        subject=f"staff:{leave.staff_id}",
        office_id=leave.office_id,
        old={"state": leave.state.value} if new else None,
        new=new,
        data={"first": plain(leave.first), "last": plain(leave.last)},
        now=now,
    )
