"""Steps of who is not called on: held, taken back with the old place, sent to the end, gone away."""

from __future__ import annotations

from datetime import datetime

from desk.acting import Actor
from desk.line.entries import entry_in_line, require_state, rules_of
from desk.line.history import LineEvent
from desk.line.presses import applied_before, happened_at
from desk.line.refusals import NotCalledOften
from desk.line.rows import AfterPress
from desk.line.rules import EntryState, Press
from desk.line.stepping import changed, done_of, present_state, take_step
from desk.storage.base import WriteSession

_TO_HOLD = (EntryState.HERE, EntryState.CALLED, EntryState.IN_SERVICE)
_TO_TAKE_BACK = (EntryState.HELD, EntryState.CALLED, EntryState.IN_SERVICE, EntryState.LEFT)
_WITH_US = (EntryState.HERE, EntryState.CALLED, EntryState.IN_SERVICE, EntryState.HELD)


def hold(
    session: WriteSession, *, appointment_id: int, press: Press | None = None, actor: Actor, now: datetime
) -> AfterPress:
    """Let somebody fetch something, or pay: the counter is free, and «call next» leaves them out meanwhile.

    Raises NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    values = {"state": EntryState.HELD, "counter": None}
    return take_step(session, entry, _TO_HOLD, values, kind=LineEvent.HELD, press=press, actor=actor, now=now)


def take_back(
    session: WriteSession, *, appointment_id: int, press: Press | None = None, actor: Actor, now: datetime
) -> AfterPress:
    """Somebody who was held, was called or went away waits again, with their old place.

    Raises NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    values = {"state": EntryState.HERE, "counter": None}
    kind = LineEvent.TAKEN_BACK
    return take_step(session, entry, _TO_TAKE_BACK, values, kind=kind, press=press, actor=actor, now=now)


def to_the_end(
    session: WriteSession, *, appointment_id: int, press: Press | None = None, actor: Actor, now: datetime
) -> AfterPress:
    """Who was called often enough and did not come waits behind all others, as who has no appointment does.

    Raises NotCalledOften, NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry, kind = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now), LineEvent.TO_THE_END
    if applied_before(session, press, what=kind, appointment_id=appointment_id, actor=actor, now=now) is not None:
        return present_state(session, appointment_id, is_repeat=True)
    require_state(entry, EntryState.HERE, EntryState.CALLED, EntryState.HELD)
    most = rules_of(session, office_id=entry.office_id).most_calls
    if entry.calls < most:
        raise NotCalledOften(calls=entry.calls, most_calls=most)
    at = happened_at(press, after=entry.changed_at, now=now)
    values = {"state": EntryState.HERE, "counter": None, "quarter_at": None, "lines_up_at": at}
    return done_of(entry, changed(session, entry, values, kind=kind, actor=actor, at=at, now=now))


def went_away(
    session: WriteSession, *, appointment_id: int, press: Press | None = None, actor: Actor, now: datetime
) -> AfterPress:
    """Somebody went away without being served; the visit has no outcome by that, and they can be taken back.

    Raises NotPossibleNow, NotInLine, LineOver, NotYourPress, OutOfReach, LookupError.
    """
    entry = entry_in_line(session, appointment_id=appointment_id, actor=actor, now=now)
    values = {"state": EntryState.LEFT, "counter": None}
    return take_step(session, entry, _WITH_US, values, kind=LineEvent.WENT_AWAY, press=press, actor=actor, now=now)
