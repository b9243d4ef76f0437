"""A second person decides about an absence to which somebody objected; who recorded it, now or before, cannot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from desk.absences.models import Absence
from desk.absences.notices import tell_instead, tell_upheld
from desk.absences.queries import has_recorded
from desk.absences.reactors import ABSENCES
from desk.absences.refusals import AbsenceSettled, SecondPersonNeeded, UpheldWithoutWhy
from desk.absences.rules import AbsenceNotice, AbsenceState, UpheldWhy
from desk.absences.unserved import give_instead
from desk.acting import Actor, OutOfReach, Permission
from desk.deadlines import actions as deadlines
from desk.events import actions as events
from desk.offices.reach import node_of
from desk.organisation import Node, Scope
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.visits.actions import undo_outcome
from desk.visits.recording import appointment_of

_absences = table_of(Absence)
_ONE = select(*_absences.c["id", "state", "appointment_id", "office_id"]).where(_absences.c.id == bindparam("absence"))


def decide(
    session: WriteSession,
    *,
    absence_id: int,
    is_overturned: bool,
    why: UpheldWhy | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Overturn the absence, after which it counts nowhere and the person gets a new appointment, or let it stand.

    While its day lasts, an overturned one is as before: the office serves them.
    The person is told either way. Raises OutOfReach, SecondPersonNeeded for who recorded one of it, UpheldWithoutWhy,
    AbsenceSettled(state) where it was decided or taken back meanwhile.
    """
    session.flush()
    found = session.execute(_ONE, {"absence": absence_id}).one_or_none()
    if found is None:
        raise OutOfReach
    office = node_of(session, found.office_id)
    actor.require(Permission.CAPACITY_WRITE, at=office)
    if found.state is not AbsenceState.OBJECTED:
        raise AbsenceSettled(found.state)
    if has_recorded(session, appointment_id=found.appointment_id, by=actor):
        raise SecondPersonNeeded
    if not is_overturned and why is None:
        raise UpheldWithoutWhy
    state = AbsenceState.OVERTURNED if is_overturned else AbsenceState.UPHELD
    done = session.connection().execute(
        update(_absences)
        .where(_absences.c.id == absence_id, _absences.c.state == AbsenceState.OBJECTED)
        .values(state=state, decided_at=now, decided_by=actor.staff_id, why=None if is_overturned else why)
    )
    if done.rowcount != 1:
        raise AbsenceSettled(found.state)
    deadlines.meet(session, subject=ABSENCES, subject_id=absence_id, now=now)
    events.note(
        session,
        kind="absence.decided",
        subject=f"absence:{absence_id}",
        actor=actor,
        office_id=found.office_id,
        old={"state": found.state, "why": None},
        new={"state": state, "why": None if is_overturned else why},
        now=now,
    )
    deciding = _recording_at(actor, office)
    if is_overturned:
        undo_outcome(session, appointment_id=found.appointment_id, tells=False, actor=deciding, now=now)
        appointment = appointment_of(session, found.appointment_id, actor=deciding, now=now)
        if appointment.day >= appointment.today:  # the office still serves them today
            tell_instead(session, notice=AbsenceNotice.OVERTURNED, appointment=appointment, now=now)
        else:
            give_instead(session, appointment, reason="", notice=AbsenceNotice.OVERTURNED, actor=deciding, now=now)
    else:
        appointment = appointment_of(session, found.appointment_id, actor=deciding, now=now)
        tell_upheld(session, absence_id=absence_id, appointment=appointment, now=now)


def _recording_at(actor: Actor, office: Node) -> Actor:
    """The same person, who may record at this office for the decision: their right to decide was asked above."""
    if actor.staff_id is None:
        return actor
    return Actor.staff(actor.staff_id, {**actor.grants, Permission.APPOINTMENTS_RECORD: Scope.of(office)})
