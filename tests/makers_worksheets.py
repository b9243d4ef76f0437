"""An office that states its capacity, and the record of its visits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from desk.acting import Actor
from desk.appointments.rules import AppointmentState
from desk.capacity.approval import set_approval
from desk.capacity.models import Queue
from desk.capacity.planned_hours import Hours
from desk.capacity.saving_weeks import told
from desk.capacity.weeks import Week
from desk.catalogue.models import Service
from desk.deadlines import actions as deadlines
from desk.deadlines.rules import WORKSHEET, Promise
from desk.organisation import NATION
from desk.storage.base import WriteSession
from desk.visits.models import Visit
from desk.visits.rules import Outcome
from desk.worksheets.actions import WORKSHEETS, state_capacity
from desk.worksheets.models import Worksheet
from desk.worksheets.rules import TIME_TO_DECIDE, WorksheetState
from tests.makers import NOW, TODAY, acting, at, make_appointment, make_slot

NINE = 9 * 60


def a_week(*, counters: int = 2, minutes: int = 15, days: Iterable[int] = (0, 1)) -> Week:
    """Saturday and Sunday from 8 to 14."""
    hours = Hours(8 * 60, 14 * 60, minutes, counters)
    return Week(tuple((hours,) if day in set(days) else () for day in range(7)))


def approval_needed(session: WriteSession) -> None:
    """From now on every office of the country needs approval."""
    set_approval(session, area=NATION, needed=True, actor=acting(9), now=NOW)


def make_worksheet(
    session: WriteSession, *, queue: Queue, week: Week | None = None, actor: Actor | None = None, now: datetime = NOW
) -> int:
    """The office states three counters instead of two."""
    said: dict[str, Any] = {"week": a_week(counters=3) if week is None else week, "from_day": now.date()}
    return state_capacity(session, queue_id=queue.id, note="باجهٔ سوم", actor=actor or acting(5), now=now, **said)


def put_worksheet(
    session: WriteSession, *, queue: Queue, state: WorksheetState = WorksheetState.STATED, **more: Any
) -> int:
    """A worksheet in this state, whatever the area says of approval; without a deadline and without its week."""
    values: dict[str, Any] = {"week": told(a_week()), "from_day": TODAY, "stated_at": NOW, **more}
    row = Worksheet(queue_id=queue.id, state=state, **values)
    session.add(row)
    session.flush()
    return row.id


def put_waiting_worksheet(session: WriteSession, *, queue_id: int) -> int:
    """One that waits for the directorate, with its deadline, whatever the area says of approval."""
    id = put_worksheet(session, queue=session.get_one(Queue, queue_id))
    promises = [Promise(WORKSHEET, TIME_TO_DECIDE)]
    deadlines.start(session, subject=WORKSHEETS, subject_id=id, promises=promises, is_first=True, now=NOW)
    return id


def make_visits(
    session: WriteSession,
    *,
    queue: Queue,
    service: Service,
    day: date,
    minutes: Sequence[int],
    staff_id: int = 5,
    first: int = NINE,
    late_by: int = 0,
    waits: bool = True,
) -> None:
    """One after another at the counter of this member of staff, the first done at `first`, the next after so many
    minutes each; with `late_by` it was recorded so many days later. Everybody `waits` from early on, or was not seen to
    arrive."""
    done_at = at(day, hour=first // 60, minute=first % 60)
    for number, took in enumerate((0, *minutes)):
        done_at += timedelta(minutes=took)
        slot = make_slot(session, queue=queue, starts_at=done_at + timedelta(seconds=number), capacity=1)
        appointment = make_appointment(session, slot=slot, service=service, state=AppointmentState.SERVED)
        session.add(
            Visit(
                appointment_id=appointment.id,
                arrived_at=at(day, hour=8) if waits else None,
                arrived_by=staff_id,
                outcome=Outcome.SERVED,
                outcome_at=done_at + timedelta(days=late_by),
                outcome_by=staff_id,
            )
        )
    session.flush()
