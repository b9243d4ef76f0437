"""The board of the day: who is expected, who waits, who is at a counter, and who is next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from backoffice.appointments.day_list import reading_of
from backoffice.board.people import BoardPerson, BoardReader, person_of, why_next
from backoffice.forms.days import today_at
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.web.http import PageRequest, PageResponse, Redirect, Render
from desk.acting import OutOfReach
from desk.events.shown import not_shown
from desk.language.text import Text, words
from desk.line import queries as line
from desk.line.rows import Board, BoardRow, BoardState
from desk.line.rules import MOST_COUNTERS
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.visits import windows

_ = words("board")

COUNTER: Final = "counter"
"""The cookie with the counter of this browser: office, counter and day, so that tomorrow it is asked again."""
INITIALS: Final = "initials"
"""The cookie of a screen that others see."""
SHOWN_COUNTERS: Final = 12
"""Counters to choose from, at least."""
TEMPLATE: Final = "board/page.html"
PIECE: Final = "board/board.html"


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """Those who stand below one title, in the order in which they are called or came."""

    name: str
    title: Text
    nobody: Text
    people: list[BoardPerson]
    is_open: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSeen:
    """The board as one reader sees it."""

    choice: OfficeChoice
    office: OfficeRow
    day: LocalDay
    reader: BoardReader
    board: Board
    people: dict[int, BoardPerson]
    """By the id of the appointment, in the order of the board."""
    next: BoardRow | None
    why: Text | None
    now: datetime
    remember: dict[str, str] = field(default_factory=dict)

    def in_states(self, *states: BoardState) -> list[BoardPerson]:
        """The people of some columns, in the order of the columns."""
        return [self.people[row.appointment_id] for state in states for row in self.board.column(state)]

    def render(
        self, *, template: str = TEMPLATE, said: Text | None = None, problem: Text | None = None, **more: Any
    ) -> Render:
        """The page, or only the board for htmx."""
        counter = self.reader.counter
        at_counter = self.in_states(BoardState.CALLED, BoardState.IN_SERVICE)
        most = max([SHOWN_COUNTERS, counter or 0, *(each.counter or 0 for each in at_counter)])
        values = {
            "choice": self.choice,
            "office": self.office,
            "day": self.day,
            "counter": counter,
            "counters": range(1, min(most, MOST_COUNTERS) + 1),
            "initials": self.reader.is_shared,
            "mine": next((each for each in at_counter if counter and each.counter == counter), None),
            "next": self.people[self.next.appointment_id] if self.next else None,
            "why": self.why,
            "groups": self._groups(at_counter),
            "said": said,
            "problem": problem,
            "piece": None,
            "now": self.now,
            **more,
        }
        reading = reading_of(self.office.id, self.day) if self.people else None
        return Render(
            template=template,
            values=values,
            remember=self.remember,
            reading=reading,
            has_camera=template == TEMPLATE,
        )

    def _groups(self, at_counter: list[BoardPerson]) -> list[BoardColumn]:
        return [
            BoardColumn(
                "here",
                _("Here, waiting"),
                _("Nobody waits."),
                self.in_states(BoardState.HERE, BoardState.HELD),
            ),
            BoardColumn("called", _("Called, in service"), _("Nobody is at a counter."), at_counter),
            BoardColumn(
                "expected", _("Expected"), _("Nobody is expected any more."), self.in_states(BoardState.EXPECTED)
            ),
            BoardColumn(
                "done",
                _("Done"),
                _("Nobody is done yet."),
                self.in_states(BoardState.DONE, BoardState.LEFT),
                is_open=False,
            ),
        ]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The board of one office, today."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        return Render(template=TEMPLATE, values={"choice": choice})
    if request.query_text("chosen") or (choice.is_needed and request.query_number("office") is None):
        # What was chosen is remembered; the office is now part of the address: another window may show another one.
        return Redirect(to=address_of(choice.current.id), remember=_remembered(request, choice, choice.current))
    return seen(session, request, choice=choice, counter=_counter(request, choice.current)).render()


def seen(
    session: ReadSession | WriteSession, request: PageRequest, *, choice: OfficeChoice, counter: int | None
) -> BoardSeen:
    """The board of the chosen office as this person sees it."""
    office = choice.current
    if office is None:
        raise OutOfReach
    day = LocalDay(today_at(request.now, zone=office.zone).date)
    shows_names = windows.sees_names(session, actor=request.actor, office=office, day=day.date, now=request.now)
    board = line.board(session, office_id=office.id, day=day.date, now=request.now)
    if not shows_names:
        for row in board.rows:
            not_shown(row)
            not_shown(row.of_day)
    reader = BoardReader(counter, shows_names, is_shared=request.cookie(INITIALS) == "1")
    waiting = [row for row in board.column(BoardState.HERE) if row.place == 1]
    first = waiting[0] if waiting else None
    return BoardSeen(
        choice=choice,
        office=office,
        day=day,
        reader=reader,
        board=board,
        people={
            row.appointment_id: person_of(row, reader=reader, rules=board.rules, now=request.now) for row in board.rows
        },
        next=first,
        why=why_next(first, rules=board.rules, now=request.now) if first else None,
        now=request.now,
        remember=choice.remember,
    )


def after(session: ReadSession, request: PageRequest, *, office_id: int) -> BoardSeen:
    """The board after a press or a search, at the counter that the form names."""
    choice = choice_for(session, request, wanted=office_id)
    return seen(session, request, choice=choice, counter=counter_of(request.form_number("counter")))


def address_of(office_id: int) -> str:
    """The address of the board of an office; the counter is remembered by the browser."""
    return f"/board?office={office_id}"


def counter_of(number: int | None) -> int | None:
    """The counter of a number as a browser sent it; None = at the door."""
    return number if number is not None and 1 <= number <= MOST_COUNTERS else None


def _counter(request: PageRequest, office: OfficeRow) -> int | None:
    """The counter of the address, else the one chosen in this browser today."""
    if request.query_text("counter"):
        return counter_of(request.query_number("counter"))
    of_office, _colon, rest = request.cookie(COUNTER).partition(":")
    number, _colon, day = rest.partition(":")
    today = today_at(request.now, zone=office.zone).date.isoformat()
    is_of_today = of_office == str(office.id) and day == today and number.isdecimal() and len(number) < 3
    return counter_of(int(number)) if is_of_today else None


def _remembered(request: PageRequest, choice: OfficeChoice, office: OfficeRow) -> dict[str, str]:
    if not request.query_text("chosen"):
        return choice.remember
    today = today_at(request.now, zone=office.zone).date.isoformat()
    counter = counter_of(request.query_number("counter")) or 0
    shared = "1" if request.query_text("initials") else "0"
    return {**choice.remember, COUNTER: f"{office.id}:{counter}:{today}", INITIALS: shared}
