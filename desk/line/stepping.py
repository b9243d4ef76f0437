"""One step of somebody in the line: asked once for its press, its state and its guard, and told of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk.acting import Actor
from desk.line.entries import change, entry_of, require_state
from desk.line.history import LineEvent
from desk.line.presses import applied_before, happened_at
from desk.line.refusals import NotInLine, NotPossibleNow
from desk.line.rows import AfterPress, Entry
from desk.line.rules import EntryState, Press
from desk.line.telling import tell_of_step
from desk.storage.base import WriteSession


def take_step(
    session: WriteSession,
    entry: Entry,
    states: tuple[EntryState, ...],
    values: Mapping[str, Any],
    *,
    kind: LineEvent,
    data: Mapping[str, Any] | None = None,
    press: Press | None,
    actor: Actor,
    now: datetime,
) -> AfterPress:
    """Change somebody whose state is one of `states`, once for each press.

    Raises NotPossibleNow, NotInLine, CounterBusy, NotYourPress.
    """
    id = entry.appointment_id
    if applied_before(session, press, what=kind, appointment_id=id, actor=actor, now=now) is not None:
        return present_state(session, id, is_repeat=True)
    require_state(entry, *states)
    at = happened_at(press, after=entry.changed_at, now=now)
    return done_of(entry, changed(session, entry, values, kind=kind, data=data, actor=actor, at=at, now=now))


def changed(
    session: WriteSession,
    entry: Entry,
    values: Mapping[str, Any],
    *,
    kind: LineEvent,
    data: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
    now: datetime,
) -> Entry | None:
    """Change an entry, and tell who is called or has come near by it; None = somebody was quicker.

    Raises CounterBusy.
    """
    done = change(session, entry, values, kind=kind, data=data, actor=actor, at=at, now=now)
    if done is not None:
        tell_of_step(session, kind=kind, appointment_id=entry.appointment_id, now=now)
    return done


def done_of(entry: Entry, after: Entry | None) -> AfterPress:
    """What a change led to. Raises NotPossibleNow where somebody else changed it first."""
    if after is None:
        raise NotPossibleNow(appointment_id=entry.appointment_id, call_number=entry.call_number, state=entry.state)
    return AfterPress(entry.appointment_id, after.call_number, after.state, after.counter)


def present_state(session: WriteSession, appointment_id: int, *, is_repeat: bool) -> AfterPress:
    """How somebody is in the line now. Raises NotInLine."""
    entry = entry_of(session, appointment_id=appointment_id)
    if entry is None:
        raise NotInLine(appointment_id=appointment_id)
    return AfterPress(appointment_id, entry.call_number, entry.state, entry.counter, is_repeat=is_repeat)
