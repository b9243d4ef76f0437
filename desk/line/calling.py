"""Calling people to counters: the next one, or a certain one; and beginning with them.

Two counters never call the same person, and no counter has two: a change is guarded by what was read, and an index
keeps one person at a counter. «Call next» goes on to the next person where somebody else was quicker. Of a certain one
the history says how many stood before them in the order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk.acting import Actor
from desk.line.entries import (
    LineOfDay,
    entries_of,
    entry_in_line,
    line_today,
    require_counter,
    require_free,
    require_state,
    rules_of,
)
from desk.line.history import LineEvent
from desk.line.presses import applied_before, happened_at, note_about
from desk.line.queries import waiting_in_order
from desk.line.rows import AfterPress, Entry
from desk.line.rules import EntryState, Press
from desk.line.stepping import changed, done_of, present_state, take_step
from desk.storage.base import WriteSession


def call_next(
    session: WriteSession, *, office_id: int, counter: int, press: Press | None = None, actor: Actor, now: datetime
) -> AfterPress | None:
    """Call the first person of the order to a counter; None = nobody waits.

    Raises CounterBusy, NoSuchCounter, NotYourPress, OutOfReach.
    """
    line = line_today(session, office_id=office_id, actor=actor, now=now)
    require_counter(counter)
    before = applied_before(session, press, what="next", actor=actor, now=now)
    if before is not None:
        about = before.appointment_id
        return None if about is None else present_state(session, about, is_repeat=True)
    require_free(session, line=line, counter=counter)
    rules = rules_of(session, office_id=office_id)
    while True:
        everybody = entries_of(session, office_id=line.office_id, day=line.day)
        waiting = waiting_in_order(everybody, rules, now=now)
        if not waiting:
            return None
        first = waiting[0]
        done = _call(session, first, counter=counter, press=press, actor=actor, now=now)
        if done is not None:  # else somebody else called them meanwhile, and the line is read again
            note_about(session, press, appointment_id=first.appointment_id)
            return done_of(first, done)


def call_this(
    session: WriteSession,
    *,
    appointment_id: int,
    counter: int,
    press: Press | None = None,
    actor: Actor,
    now: datetime,
) -> AfterPress:
    """Call somebody who waits or is held to a counter, whatever their place.

    Raises CounterBusy, NoSuchCounter, NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    require_counter(counter)
    if applied_before(session, press, what="call", appointment_id=appointment_id, actor=actor, now=now) is not None:
        return present_state(session, appointment_id, is_repeat=True)
    require_state(entry, EntryState.HERE, EntryState.HELD)
    require_free(session, line=LineOfDay(entry.office_id, entry.day), counter=counter)
    data = _passed_over(session, entry, now=now)
    return done_of(entry, _call(session, entry, counter=counter, data=data, press=press, actor=actor, now=now))


def call_again(
    session: WriteSession, *, appointment_id: int, press: Press | None = None, actor: Actor, now: datetime
) -> AfterPress:
    """Call somebody once more to the same counter.

    Raises NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    at = happened_at(press, after=entry.changed_at, now=now)
    values = {"calls": entry.calls + 1, "called_at": at}
    kind = LineEvent.CALLED_AGAIN
    return take_step(session, entry, (EntryState.CALLED,), values, kind=kind, press=press, actor=actor, now=now)


def begin(
    session: WriteSession,
    *,
    appointment_id: int,
    counter: int | None = None,
    press: Press | None = None,
    actor: Actor,
    now: datetime,
) -> AfterPress:
    """The service begins: of who was called, or with a `counter` of who waits or is held and was not called.

    Raises CounterBusy, NoSuchCounter, NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    at = happened_at(press, after=entry.changed_at, now=now)
    values: dict[str, Any] = {"state": EntryState.IN_SERVICE, "began_at": at}
    states: tuple[EntryState, ...] = (EntryState.CALLED,)
    data = None
    if counter is not None and entry.state is not EntryState.CALLED:
        require_counter(counter)
        values |= {"counter": counter, **_called(entry, at=at)}
        states = (EntryState.HERE, EntryState.HELD)
        data = _passed_over(session, entry, now=now)
    return take_step(session, entry, states, values, kind=LineEvent.BEGAN, data=data, press=press, actor=actor, now=now)


def move_to_counter(
    session: WriteSession,
    *,
    appointment_id: int,
    counter: int,
    press: Press | None = None,
    actor: Actor,
    now: datetime,
) -> AfterPress:
    """Somebody who was called or is served goes to another counter.

    Raises CounterBusy, NoSuchCounter, NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    require_counter(counter)
    states = (EntryState.CALLED, EntryState.IN_SERVICE)
    values = {"counter": counter}
    return take_step(session, entry, states, values, kind=LineEvent.TO_COUNTER, press=press, actor=actor, now=now)


def _passed_over(session: WriteSession, entry: Entry, *, now: datetime) -> dict[str, int] | None:
    """How many would be called before this person; None = nobody, or they were called before and are held since."""
    if entry.state not in (EntryState.HERE, EntryState.HELD) or entry.first_called_at is not None:
        return None
    everybody = entries_of(session, office_id=entry.office_id, day=entry.day)
    here = [
        each._replace(state=EntryState.HERE) if each.appointment_id == entry.appointment_id else each
        for each in everybody
    ]
    ordered = waiting_in_order(here, rules_of(session, office_id=entry.office_id), now=now)
    before = [each.appointment_id for each in ordered].index(entry.appointment_id)
    return {"passed_over": before} if before else None


def _call(
    session: WriteSession,
    entry: Entry,
    *,
    counter: int,
    data: Mapping[str, int] | None = None,
    press: Press | None,
    actor: Actor,
    now: datetime,
) -> Entry | None:
    at = happened_at(press, after=entry.changed_at, now=now)
    values = {"state": EntryState.CALLED, "counter": counter, **_called(entry, at=at)}
    return changed(session, entry, values, kind=LineEvent.CALLED, data=data, actor=actor, at=at, now=now)


def _called(entry: Entry, *, at: datetime) -> dict[str, Any]:
    return {"calls": entry.calls + 1, "called_at": at, "first_called_at": entry.first_called_at or at}
