"""The rows of the line: an entry as it is stored, the board of a day, places with minutes, and what is displayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from desk.appointments.rules import AppointmentState
from desk.events.shown import ShowsSomebody
from desk.line.rules import EntryState, LineRules, waiting_minutes
from desk.visits.rows import DayRow


class Entry(NamedTuple):
    """An entry of the line as it was read."""

    appointment_id: int
    office_id: int
    day: date
    call_number: str
    is_walk_in: bool
    class_id: int | None
    came_at: datetime
    lines_up_at: datetime
    quarter_at: datetime | None
    state: EntryState
    done_from: EntryState | None
    counter: int | None
    first_called_at: datetime | None
    called_at: datetime | None
    calls: int
    began_at: datetime | None
    ended_at: datetime | None
    steps: int
    changed_at: datetime


class BoardState(StrEnum):
    """The columns of the board."""

    EXPECTED = "expected"
    HERE = "here"
    CALLED = "called"
    IN_SERVICE = "in_service"
    HELD = "held"
    DONE = "done"
    LEFT = "left"
    """Came, and went away without an outcome."""


@dataclass(frozen=True, slots=True)
class BoardRow(ShowsSomebody):
    """Somebody of the day on the board: the appointment, and the entry of who came (None = nobody came)."""

    of_day: DayRow
    entry: Entry | None
    number: str
    """The call number; of who has not come the one of the door list."""
    place: int | None
    """The place in the line from 1 on; None = not waiting."""

    @property
    def appointment_id(self) -> int:
        """Whose it is."""
        return self.of_day.appointment_id

    @property
    def state(self) -> BoardState:
        """The column in which it stands."""
        if self.of_day.state is AppointmentState.BOOKED:
            return BoardState.EXPECTED
        if self.of_day.state is not AppointmentState.ARRIVED:
            return BoardState.DONE
        # Who arrived before there was a line has no entry.
        return BoardState.HERE if self.entry is None else BoardState(self.entry.state)

    def waits(self, now: datetime) -> int | None:
        """How many minutes they wait for a counter, or waited for the first call; None = they did not come."""
        if self.entry is None:
            return None
        starts_at = None if self.entry.is_walk_in else self.of_day.starts_at
        until = self.entry.first_called_at or (now if self.entry.state is EntryState.HERE else None)
        if until is None:
            return None
        return waiting_minutes(came_at=self.entry.came_at, starts_at=starts_at, called_at=until)

    @property
    def shows(self) -> str:
        return self.of_day.shows


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a day: its rows in the order of the columns, and the numbers of the order."""

    rows: list[BoardRow]
    rules: LineRules

    def column(self, state: BoardState) -> list[BoardRow]:
        """The rows of one column: who waits in the order in which they are called."""
        return [row for row in self.rows if row.state is state]


@dataclass(frozen=True, slots=True)
class PlaceInLine:
    """The place of somebody who waits, from 1 on, and in how many minutes they are called; None = nobody knows."""

    appointment_id: int
    call_number: str
    place: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Displayed:
    """A number that is called to a counter, or was lately."""

    call_number: str
    counter: int
    state: EntryState
    called_at: datetime
    calls: int


@dataclass(frozen=True, slots=True)
class OnDisplay:
    """The numbers that are at counters now, last called first, and those that were before."""

    now: list[Displayed]
    lately: list[Displayed]


@dataclass(frozen=True, slots=True)
class AfterPress:
    """What a press led to; `is_repeat` = it was applied before, and this is the present state."""

    appointment_id: int
    call_number: str
    state: EntryState
    counter: int | None
    is_repeat: bool = False
