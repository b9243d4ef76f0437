"""Giving somebody in the line a priority class, with a reason: the class is counted, and the person's history does not
say which it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select, update

from desk.acting import Actor
from desk.events import actions as events
from desk.line.entries import entries, entry_in_line, require_state
from desk.line.history import LineEvent, write_step
from desk.line.presses import applied_before
from desk.line.refusals import NotPossibleNow
from desk.line.rows import AfterPress
from desk.line.rules import EntryState, Press
from desk.line.stepping import present_state
from desk.line.telling import tell_of_step
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.history import ClassEvent, class_subject
from desk.waiting.models import PriorityClass
from desk.waiting.rules import ClassReason

_classes = table_of(PriorityClass)
_TO_GIVE = select(_classes.c.id).where(_classes.c.id == bindparam("class"), _classes.c.is_active.is_(True))


def give_class(
    session: WriteSession,
    *,
    appointment_id: int,
    class_id: int | None,
    reason: ClassReason,
    press: Press | None = None,
    actor: Actor,
    now: datetime,
) -> AfterPress:
    """Give somebody who waits or is held a class, or (None) take it away.

    Raises NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach; LookupError for a class that nobody may give.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    if applied_before(session, press, what="class", appointment_id=appointment_id, actor=actor, now=now) is not None:
        return present_state(session, appointment_id, is_repeat=True)
    require_state(entry, EntryState.HERE, EntryState.HELD)
    if class_id is not None and session.scalar(_TO_GIVE, {"class": class_id}) is None:
        raise LookupError(f"no class {class_id}")
    if class_id == entry.class_id:
        return present_state(session, appointment_id, is_repeat=False)
    given = (
        update(entries)
        .where(entries.c.appointment_id == appointment_id, entries.c.steps == entry.steps)
        # Not counted as a step: the last step can still be taken back.
        .values(class_id=class_id, changed_by=actor.staff_id)
    )
    if session.connection().execute(given).rowcount != 1:
        raise NotPossibleNow(appointment_id=appointment_id, call_number=entry.call_number, state=entry.state)
    for kind, of in ((ClassEvent.TAKEN, entry.class_id), (ClassEvent.GIVEN, class_id)):
        if of is not None:
            events.note(
                session,
                kind=kind,
                subject=class_subject(of),
                actor=actor,
                office_id=entry.office_id,
                data={"reason": reason},
                now=now,
            )
    if (class_id is None) != (entry.class_id is None):
        write_step(
            session,
            appointment_id=appointment_id,
            office_id=entry.office_id,
            day=entry.day,
            kind=LineEvent.PRIORITY,
            actor=actor,
            old={"has_priority": entry.class_id is not None},
            new={"has_priority": class_id is not None},
            now=now,
        )
        tell_of_step(session, kind=LineEvent.PRIORITY, appointment_id=appointment_id, now=now)
    return present_state(session, appointment_id, is_repeat=False)
