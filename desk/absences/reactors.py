"""An absence that is recorded is asked about, and one that is taken back is asked about no longer."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update

from desk.absences.models import Absence
from desk.absences.rules import AbsenceState
from desk.appointments.booking import appointments
from desk.appointments.history import EventKind, times
from desk.appointments.rules import AppointmentState
from desk.deadlines import actions as deadlines
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

ABSENCES = "absences"
"""The subject of the deadlines, and of the signal."""

absences = table_of(Absence)
_OUTCOME = select(appointments.c.state, appointments.c.office_id).where(appointments.c.id == bindparam("appointment"))
_LAST = (
    select(absences.c.id, absences.c.state)
    .where(absences.c.appointment_id == bindparam("appointment"))
    .order_by(absences.c.nth.desc())
    .limit(1)
)


def _recorded(session: WriteSession, happened: Happened) -> None:
    state, office_id = session.execute(_OUTCOME, {"appointment": happened.id}).one()
    if state is not AppointmentState.ABSENT:
        return
    session.connection().execute(
        insert(absences),
        {
            "appointment_id": happened.id,
            "nth": times(session, appointment_id=happened.id, kind=EventKind.OUTCOME),
            "office_id": office_id,
            "recorded_at": happened.now,
            "recorded_by": happened.actor.staff_id,
            "state": AbsenceState.ASKED,
        },
    )


def _undone(session: WriteSession, happened: Happened) -> None:
    found = session.execute(_LAST, {"appointment": happened.id}).one_or_none()
    if found is None or found.state in (AbsenceState.OVERTURNED, AbsenceState.UNDONE):
        return
    values = {"state": AbsenceState.UNDONE, "decided_at": None, "decided_by": None, "why": None}
    session.connection().execute(update(absences).where(absences.c.id == found.id).values(values))
    deadlines.drop(session, subject=ABSENCES, subject_id=found.id, now=happened.now)


REACTORS: Reactors = {EventKind.OUTCOME: _recorded, EventKind.OUTCOME_UNDONE: _undone}
