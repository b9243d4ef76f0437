"""An absence that is recorded is asked about, and one that is taken back is asked about no longer.

To one that is taken back and recorded again the person has objected already, if they did to the first.
"""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update

from desk.absences.models import Absence
from desk.absences.rules import AbsenceState
from desk.appointments.booking import appointments
from desk.appointments.history import EventKind, times
from desk.appointments.rules import AppointmentState
from desk.deadlines import actions as deadlines
from desk.deadlines.queries import current
from desk.deadlines.rules import OBJECTION, Promise, Side
from desk.events import actions as events
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

ABSENCES = "absences"
"""The subject of the deadlines, and of the signal."""

absences = table_of(Absence)
_due = current(ABSENCES, absences.c.id, owed_by=Side.DESK, name="due")
_OUTCOME = select(appointments.c.state, appointments.c.office_id).where(appointments.c.id == bindparam("appointment"))
_LAST = (
    select(*absences.c["id", "state", "answered_at", "office_id"], _due.due_at.label("due_at"))
    .select_from(_due.joined_to(absences))
    .where(absences.c.appointment_id == bindparam("appointment"))
    .order_by(absences.c.nth.desc())
    .limit(1)
)


def _recorded(session: WriteSession, happened: Happened) -> None:
    state, office_id = session.execute(_OUTCOME, {"appointment": happened.id}).one()
    if state is not AppointmentState.ABSENT:
        return
    before = session.execute(_LAST, {"appointment": happened.id}).one_or_none()
    # Or who took it back and recorded it anew would keep it from the second person.
    is_objected = before is not None and before.state is AbsenceState.UNDONE and before.due_at is not None
    recorded = session.connection().execute(
        insert(absences).returning(absences.c.id),
        {
            "appointment_id": happened.id,
            "nth": times(session, appointment_id=happened.id, kind=EventKind.OUTCOME),
            "office_id": office_id,
            "recorded_at": happened.now,
            "recorded_by": happened.actor.staff_id,
            "state": AbsenceState.OBJECTED if is_objected else AbsenceState.ASKED,
            "answered_at": before.answered_at if before is not None and is_objected else None,
        },
    )
    if before is not None and is_objected:  # by the day that the person was told
        id, promises = recorded.scalar_one(), [Promise(OBJECTION, before.due_at - happened.now)]
        deadlines.start(session, subject=ABSENCES, subject_id=id, promises=promises, is_first=True, now=happened.now)


def _undone(session: WriteSession, happened: Happened) -> None:
    found = session.execute(_LAST, {"appointment": happened.id}).one_or_none()
    if found is None or found.state in (AbsenceState.OVERTURNED, AbsenceState.UNDONE):
        return
    values = {"state": AbsenceState.UNDONE, "decided_at": None, "decided_by": None, "why": None}
    session.connection().execute(update(absences).where(absences.c.id == found.id).values(values))
    deadlines.drop(session, subject=ABSENCES, subject_id=found.id, now=happened.now)
    if found.state is AbsenceState.OBJECTED:  # it leaves the list of objections, undecided
        events.note(
            session,
            kind="absence.taken_back",
            subject=f"absence:{found.id}",
            actor=happened.actor,
            office_id=found.office_id,
            old={"state": found.state},
            new={"state": AbsenceState.UNDONE},
            is_told=False,
            now=happened.now,
        )


REACTORS: Reactors = {EventKind.OUTCOME: _recorded, EventKind.OUTCOME_UNDONE: _undone}
