"""Taking back the last thing that happened to somebody in the line, whatever it was."""

from __future__ import annotations

from datetime import datetime

from desk.acting import Actor
from desk.line.entries import change, entry_in_line, entry_of, require_reach
from desk.line.history import LineEvent, last_step
from desk.line.presses import applied_before
from desk.line.refusals import NothingToUndo, NotInLine
from desk.line.rows import AfterPress
from desk.line.rules import EntryState, Press
from desk.line.stepping import done_of, present_state
from desk.storage.base import WriteSession
from desk.visits.actions import undo_arrival, undo_outcome

ARRIVAL = "arrival"
OUTCOME = "outcome"


def undo(
    session: WriteSession,
    *,
    appointment_id: int,
    what: str | None = None,
    press: Press | None = None,
    actor: Actor,
    now: datetime,
) -> AfterPress:
    """Take back the outcome, else the last step in the line, else the arrival.

    `what` = what the page meant: the kind of a step (`LineEvent`), ARRIVAL or OUTCOME; where something else came last,
    nothing is taken back. Raises NothingToUndo, CounterBusy where somebody else is at the counter by now, NotInLine,
    LineOver, NotPossibleNow, NotYourPress, OutOfReach, what `undo_outcome` and `undo_arrival` raise.
    """
    require_reach(session, appointment_id=appointment_id, actor=actor, now=now)
    if applied_before(session, press, what="undo", appointment_id=appointment_id, actor=actor, now=now) is not None:
        return present_state(session, appointment_id, is_repeat=True)
    entry = entry_of(session, appointment_id=appointment_id)
    if entry is None:
        raise NotInLine(appointment_id=appointment_id)
    if entry.state is EntryState.DONE:
        _require(appointment_id, what, OUTCOME)
        undo_outcome(session, appointment_id=appointment_id, actor=actor, now=now)
        return present_state(session, appointment_id, is_repeat=False)
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    step = last_step(session, appointment_id=appointment_id)
    _require(appointment_id, what, ARRIVAL if step is None else step.kind)
    if step is None:
        undo_arrival(session, appointment_id=appointment_id, actor=actor, now=now)
        return present_state(session, appointment_id, is_repeat=False)
    if any(getattr(entry, name) != value for name, value in step.new.items()):
        raise NothingToUndo(appointment_id=appointment_id)
    data, kind = {"undone": step.kind}, LineEvent.UNDONE
    return done_of(entry, change(session, entry, step.old, kind=kind, data=data, actor=actor, at=now, now=now))


def _require(appointment_id: int, meant: str | None, last: str) -> None:
    if meant is not None and meant != last:
        raise NothingToUndo(appointment_id=appointment_id)
