"""What staff do meanwhile: answer and close cases, cancel appointments, close a day, record who came."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from desk.appointments.actions import cancel_by_office
from desk.appointments.models import Appointment
from desk.calendar import local_day_of
from desk.capacity.actions import clear_exception, set_exception
from desk.capacity.models import ExceptionKind, Queue
from desk.capacity.queries import free_days
from desk.cases import actions as cases
from desk.cases.models import Case
from desk.cases.rules import CaseState, CloseReason
from desk.consequences.actions import IntendedChange, StaffDecision, carry_out
from desk.consequences.hit import Reach, sign_of
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind, Remedy
from desk.refusals import Refusal
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from desk.visits.actions import record_arrival, record_come_back, record_outcome, undo_arrival, undo_outcome
from desk.visits.rules import Outcome
from tests.makers import acting, by_staff

REPLY = "گزارش شما را خواندیم. فردا به آن دفتر می‌رویم."
REASON = "دستگاه آن روز کار نمی‌کند"


def does_something(session: WriteSession, *, chance: random.Random, now: datetime) -> str:
    """Let somebody at the desk do one thing; what it was, or that it was refused."""
    act = chance.choice(ACTS)
    staff = list(session.scalars(select(StaffMember.id).order_by(StaffMember.id)))
    chance.shuffle(staff)
    done = "nothing"
    for staff_id in staff:
        try:
            with session.begin_nested():
                done = act(session, chance, staff_id, now)
        except Refusal as refusal:
            done = f"refused {act.__name__}: {refusal.code}"
        else:
            break
    return done


def _reply(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    case = _some_case(session, chance)
    if case is None:
        return "no case"
    by_staff(cases.reply)(session, case_id=case.id, staff_id=staff_id, text=REPLY, now=now)
    return f"replied to case {case.id}"


def _note(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    case = _some_case(session, chance)
    if case is None:
        return "no case"
    by_staff(cases.note)(
        session, case_id=case.id, staff_id=staff_id, text="این یادداشت را فقط همکاران می‌بینند.", now=now
    )
    return f"noted on case {case.id}"


def _close(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    case = _some_case(session, chance)
    if case is None:
        return "no case"
    text = chance.choice((None, REPLY))
    by_staff(cases.close)(
        session, case_id=case.id, reason=chance.choice(list(CloseReason)), text=text, staff_id=staff_id, now=now
    )
    return f"closed case {case.id}"


def _work_on(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    case = _some_case(session, chance)
    if case is None:
        return "no case"
    by_staff(cases.change_state)(session, case_id=case.id, to=CaseState.IN_REVIEW, staff_id=staff_id, now=now)
    return f"took up case {case.id}"


def _reopen(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    case = _some_case(session, chance)
    if case is None:
        return "no case"
    by_staff(cases.reopen)(session, case_id=case.id, staff_id=staff_id, now=now)
    return f"reopened case {case.id}"


def _cancel(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    appointment = _some_appointment(session, chance)
    if appointment is None:
        return "no turn"
    cancel_by_office(session, appointment_id=appointment.id, actor=acting(staff_id), reason=REASON, now=now)
    return f"cancelled appointment {appointment.id}"


def _close_day(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    queue = chance.choice(list(session.scalars(select(Queue).order_by(Queue.id))))
    day = local_day_of(now).date + timedelta(days=chance.randrange(8))
    remedy = chance.choice((Remedy.MOVE, Remedy.KEEP, Remedy.CANCEL))

    def act(session: WriteSession) -> None:
        set_exception(
            session,
            queue_id=queue.id,
            day=day,
            kind=ExceptionKind.CLOSED,
            reason=REASON,
            actor=acting(staff_id),
            now=now,
        )

    hit = _through_the_sheet(session, Reach(queue_id=queue.id, day=day), act, remedy, chance, staff_id, now)
    return f"closed {day} of queue {queue.id}, {remedy.value} {hit}"


def _through_the_sheet(
    session: WriteSession,
    reach: Reach,
    act: Callable[[WriteSession], None],
    remedy: Remedy,
    chance: random.Random,
    staff_id: int,
    now: datetime,
) -> int:
    """Make a change as a page does: look first, then decide about those who would be hit; how many they are."""
    intended = IntendedChange(kind=ChangeKind.DAY, subject="walk", reach=reach, act=act)
    try:
        with session.begin_nested():
            carry_out(session, intended=intended, answer=None, actor=acting(staff_id), now=now)
    except PeopleAreHit as seen:
        key = f"walk:{chance.getrandbits(60)}"
        answer = StaffDecision(key=key, expected=sign_of(seen.hit), remedy=remedy, reason=REASON)
        carry_out(session, intended=intended, answer=answer, actor=acting(staff_id), now=now)
        return len(seen.hit)
    return 0


def _open_day(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    queue = chance.choice(list(session.scalars(select(Queue).order_by(Queue.id))))
    day = local_day_of(now).date + timedelta(days=chance.randrange(8))

    def act(session: WriteSession) -> None:
        clear_exception(session, queue_id=queue.id, day=day, actor=acting(staff_id), now=now)

    _through_the_sheet(session, Reach(queue_id=queue.id, day=day), act, Remedy.KEEP, chance, staff_id, now)
    return f"opened {day} of queue {queue.id}"


def _at_the_counter(session: WriteSession, chance: random.Random, staff_id: int, now: datetime) -> str:
    today = local_day_of(now).date
    appointments = list(session.scalars(select(Appointment).where(Appointment.day == today).order_by(Appointment.id)))
    if not appointments:
        return "nobody today"
    appointment = chance.choice(appointments)
    match chance.randrange(5):
        case 0 | 1:
            record_arrival(session, appointment_id=appointment.id, actor=acting(staff_id), now=now)
            return f"appointment {appointment.id} arrived"
        case 2:
            outcome = chance.choice(list(Outcome))
            who: dict[str, Any] = {"appointment_id": appointment.id, "actor": acting(staff_id), "now": now}
            if outcome is Outcome.COME_BACK:
                days = free_days(
                    session, service_id=appointment.service_id, office_id=appointment.office_id, after=now, limit=3
                )
                if not days:
                    return "nothing is free to come back at"
                record_come_back(session, **who, slot_id=chance.choice(days).first.slot_id)
            else:
                record_outcome(session, **who, outcome=outcome, is_sure=chance.random() < 0.5)
            return f"appointment {appointment.id}: {outcome}"
        case 3:
            undo_arrival(session, appointment_id=appointment.id, actor=acting(staff_id), now=now)
            return f"appointment {appointment.id} not arrived after all"
        case _:
            undo_outcome(session, appointment_id=appointment.id, actor=acting(staff_id), now=now)
            return f"appointment {appointment.id} open again"


def _some_case(session: WriteSession, chance: random.Random) -> Case | None:
    found = list(session.scalars(select(Case).order_by(Case.id)))
    return chance.choice(found) if found else None


def _some_appointment(session: WriteSession, chance: random.Random) -> Appointment | None:
    found = list(session.scalars(select(Appointment).where(Appointment.is_live).order_by(Appointment.id)))
    return chance.choice(found) if found else None


Act = Callable[[WriteSession, random.Random, int, datetime], str]
ACTS: tuple[Act, ...] = (
    _reply, _reply, _note, _close, _work_on, _reopen, _cancel, _close_day, _open_day, _at_the_counter, _at_the_counter,
    _at_the_counter,
)  # fmt: skip
