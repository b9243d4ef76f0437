"""The people of the board: what each row shows of somebody, and what may be pressed for them now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from backoffice.appointments.wording import APPOINTMENT_STATES, NAMED_TWICE, WITHOUT_APPOINTMENT
from backoffice.layout.badge import Badge
from desk.appointments.rules import AppointmentState
from desk.language.text import Localised, Text, words
from desk.line.rows import BoardRow, BoardState
from desk.line.rules import LineRules, has_priority
from desk.people.rules import has_number, initials
from desk.values import LocalMoment

_ = words("board")


class BoardAct(NamedTuple):
    """Something that may be pressed for somebody."""

    do: str
    label: Text
    icon: str
    key: str = ""
    """The name of its key in `keys.js`; empty = it has none."""
    leads_to: str = ""
    """The end of an address where more is asked first; empty = it acts at once."""


ARRIVE = BoardAct("arrive", _("Has come"), "user-check", "arrive")
CALL = BoardAct("call", _("Call"), "speakerphone", "call")
AGAIN = BoardAct("again", _("Call again"), "speakerphone", "call")
BEGIN = BoardAct("begin", _("Begin"), "player-play", "begin")
SERVED = BoardAct("served", _("Served"), "check", "served", leads_to="record")
BACK = BoardAct("back", _("Come back"), "calendar-plus", "back", leads_to="back")
HOLD = BoardAct("hold", _("Hold"), "player-pause", "hold")
TAKE_BACK = BoardAct("take_back", _("Back in line"), "arrow-back-up", "hold")
HERE = BoardAct("here", _("To my counter"), "transfer")
ELSEWHERE = BoardAct("elsewhere", _("Another counter"), "transfer", leads_to="counter")
TO_THE_END = BoardAct("to_the_end", _("To the end"), "arrow-down")
PRIORITY = BoardAct("priority", _("Priority"), "star", leads_to="priority")
UNDO = BoardAct("undo", _("Undo"), "arrow-back-up", "undo")
UNDO_ARRIVAL, UNDO_OUTCOME = UNDO._replace(do="undo_arrival"), UNDO._replace(do="undo_outcome")
"""For whom the line does not know: who came before there was one, and who never came."""
GONE = BoardAct("went_away", _("Went away"), "door")

HELD: Final = Badge(_("On hold"), "player-pause", "warn")
EARLY: Final = Badge(_("Before their time"), "clock", "calm")
PREFERRED: Final = Badge(_("Priority"), "star", "busy")
LATE: Final = Badge(_("Came late"), "clock", "warn")
WENT_AWAY: Final = Badge(_("Went away"), "door", "calm")
STATES: Final[Mapping[BoardState, Badge]] = {
    BoardState.EXPECTED: APPOINTMENT_STATES[AppointmentState.BOOKED],
    BoardState.HERE: APPOINTMENT_STATES[AppointmentState.ARRIVED],
    BoardState.HELD: HELD,
    BoardState.LEFT: WENT_AWAY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPerson:
    """Somebody on the board."""

    id: int
    """Of the appointment."""
    number: str
    state: BoardState
    badge: Badge
    name: str | None
    """The name or its initials; None = neither is shown."""
    last4: str | None
    at: datetime | None
    """The time of the appointment; None = they came without one."""
    zone: str
    service: Localised
    since: datetime | None
    """Since when they wait; None = they do not, or their time has not come."""
    waited: int
    counter: int | None
    signs: tuple[Badge, ...]
    acts: tuple[BoardAct, ...]
    more: tuple[BoardAct, ...]
    is_mine: bool
    """True = they are at the counter of the reader, whose own card shows the buttons."""
    may_compare: bool
    """Whether the number of their original paper may be compared now."""

    @property
    def shows_state(self) -> bool:
        """Whether the column alone does not say it."""
        return self.state not in (BoardState.HERE, BoardState.EXPECTED)


class BoardReader(NamedTuple):
    """Who looks at the board, and how."""

    counter: int | None
    """The counter at which they work; None = at the door."""
    shows_names: bool
    is_shared: bool
    """True = others see the screen: initials stand for names, and nothing of papers."""


def person_of(row: BoardRow, *, reader: BoardReader, rules: LineRules, now: datetime) -> BoardPerson:
    """What the board shows of somebody."""
    of_day, entry, state = row.of_day, row.entry, row.state
    acts, more = _acts(row, state=state, reader=reader, rules=rules)
    is_waiting = state is BoardState.HERE and entry is not None
    starts_at = None if entry is not None and entry.is_walk_in else of_day.starts_at
    return BoardPerson(
        id=row.appointment_id,
        number=row.number,
        state=state,
        badge=_badge(row, state),
        name=_name(of_day.person_name, reader),
        last4=of_day.identity_last4 if reader.shows_names and not reader.is_shared else None,
        at=starts_at,
        zone=of_day.zone,
        service=of_day.service,
        since=max(entry.came_at, starts_at or entry.came_at) if is_waiting and entry is not None else None,
        waited=row.waits(now) or 0,
        counter=entry.counter if entry is not None else None,
        signs=_signs(row, state=state, now=now),
        acts=acts,
        more=more,
        is_mine=state in _AT_COUNTER and entry is not None and entry.counter == reader.counter,
        may_compare=state in _AT_COUNTER and has_number(of_day.document_kind),
    )


def why_next(row: BoardRow, *, rules: LineRules, now: datetime) -> Text:
    """Why this person is the next one, in a line."""
    entry = row.entry
    if entry is None:
        return _("is here since before the line began")
    at = LocalMoment(row.of_day.starts_at, row.of_day.zone).clock
    if has_priority(entry):
        return _("has priority; one of {n} calls goes to such people", n=rules.priority_every)
    if entry.quarter_at is not None and entry.quarter_at <= now:
        return _("has a turn at {clock}, and that time has come", clock=at)
    if entry.quarter_at is not None:
        return _("has a turn at {clock}; nobody else waits", clock=at)
    if (now - entry.lines_up_at).total_seconds() >= 60 * rules.walk_in_counts_after:
        return _("waits longer than {n} minutes, and so counts like somebody with a turn", n=rules.walk_in_counts_after)
    if not entry.is_walk_in:
        return _("came late, and counts like somebody without a turn")
    return _("has the smallest number of those without a turn")


_AT_COUNTER = frozenset({BoardState.CALLED, BoardState.IN_SERVICE})
_OVER = frozenset({BoardState.DONE, BoardState.LEFT})


def _name(name: str | None, reader: BoardReader) -> str | None:
    if not reader.shows_names or name is None:
        return None
    return initials(name) if reader.is_shared else name


def _badge(row: BoardRow, state: BoardState) -> Badge:
    counter = row.entry.counter if row.entry is not None else None
    match state:
        case BoardState.CALLED:
            return Badge(_("Called, counter {n}", n=counter or 0), "speakerphone", "warn")
        case BoardState.IN_SERVICE:
            return Badge(_("At counter {n}", n=counter or 0), "user-check", "good")
        case BoardState.DONE:
            return APPOINTMENT_STATES[row.of_day.state]
        case _:
            return STATES[state]


def _signs(row: BoardRow, *, state: BoardState, now: datetime) -> tuple[Badge, ...]:
    entry, signs = row.entry, []
    if entry is not None and state not in _OVER:
        if entry.class_id is not None:
            signs.append(PREFERRED)
        if entry.is_walk_in:
            signs.append(WITHOUT_APPOINTMENT)
        elif entry.quarter_at is None:
            signs.append(LATE)
        elif state is BoardState.HERE and entry.quarter_at > now:
            signs.append(EARLY)
    if row.of_day.is_named_twice and state not in _OVER:
        signs.append(NAMED_TWICE)
    return tuple(signs)


def _acts(
    row: BoardRow, *, state: BoardState, reader: BoardReader, rules: LineRules
) -> tuple[tuple[BoardAct, ...], tuple[BoardAct, ...]]:
    """What stands beside somebody, and what behind «More»."""
    at_counter = reader.counter is not None
    calls = row.entry.calls if row.entry is not None else 0
    end = (TO_THE_END,) if calls >= rules.most_calls else ()
    match state:
        case BoardState.EXPECTED:
            return (ARRIVE,), ()
        case BoardState.HERE if row.entry is None:
            return (SERVED, BACK), (UNDO_ARRIVAL,)
        case BoardState.HERE:
            return ((CALL,) if at_counter else ()), (PRIORITY, *end, GONE, UNDO)
        case BoardState.HELD:
            return (TAKE_BACK, *((CALL,) if at_counter else ())), (GONE, UNDO)
        case BoardState.CALLED if row.entry is not None and row.entry.counter == reader.counter:
            return (BEGIN, AGAIN, *end, SERVED, BACK, HOLD), (ELSEWHERE, UNDO)
        case BoardState.CALLED:
            return (AGAIN, *end), (*((HERE,) if at_counter else ()), ELSEWHERE, UNDO)
        case BoardState.IN_SERVICE if row.entry is not None and row.entry.counter == reader.counter:
            return (SERVED, BACK, HOLD), (ELSEWHERE, UNDO)
        case BoardState.IN_SERVICE:
            return (), (*((HERE,) if at_counter else ()), ELSEWHERE, UNDO)
        case BoardState.LEFT:
            return (TAKE_BACK,), ()
        case _:
            return (), ((UNDO if row.entry is not None else UNDO_OUTCOME),)
