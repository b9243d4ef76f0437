"""Finds who belongs to today by call number, code, name or paper, and by a whole code or number an appointment of any
day.

Of another day only the day, the time and the office are said. What is typed comes as a form: it may be the number of a
paper, which stands in no address and does not come back to the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backoffice.appointments.found_by_code import appointment_of_code
from backoffice.appointments.search import AGAIN_AFTER, LONGEST, SHORTEST, Paper, holds_digit, look_up
from backoffice.board.page import BoardSeen, after
from backoffice.board.people import BoardPerson
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import CANCELLED
from desk.language.text import Text, words
from desk.line.rows import BoardRow
from desk.people.rules import has_foreign_digits, read_identity_number
from desk.reading.codes import read_code
from desk.reading.folding import ascii_digits, holds
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession

_ = words("board")

PIECE = "board/found.html"
MOST = 12
"""The most people that a name finds; more are told to be looked for by more letters."""
MOST_OF_OTHER_DAYS = 3
"""The most appointments of other days that are told of a person, the latest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFound:
    """What a search of the board brought."""

    people: list[BoardPerson]
    """Who belongs to today."""
    elsewhere: list[AppointmentRow]
    """Appointments of other days or offices, of which only the day, the time and the office are shown."""
    is_cut: bool = False
    problem: Text | None = None


NOTHING = BoardFound(people=[], elsewhere=[])


async def find(request: PageRequest, backend: Backend) -> PageResponse:
    """Answer one search; what was typed is shown nowhere again."""
    typed = request.form_text("q")[:LONGEST]
    office = request.form_number("office")
    if office is None:
        raise OutOfReach
    board, found, reading = await backend.read(_on_board, request, typed, office_id=office)
    if found is None:
        if read_identity_number(typed) is None or _digits_in(typed) < SHORTEST:
            found = replace(NOTHING, problem=_unread(typed))
        else:
            found = await _by_paper(request, backend, typed, board=board)
            reading = None
    answer = board.render(template=PIECE) if request.is_fragment else board.render()
    values: dict[str, Any] = {**answer.values, "found": found}
    return replace(answer, values=values, reading=reading or answer.reading)


def _on_board(
    session: ReadSession, request: PageRequest, typed: str, *, office_id: int
) -> tuple[BoardSeen, BoardFound | None, Reading | None]:
    """The board, who of it fits, and how the history names it; None = nobody of today, it may be a paper."""
    board = after(session, request, office_id=office_id)
    if not typed:
        return board, NOTHING, None
    fits = _best(board.board.rows, typed, shows_names=board.reader.shows_names)
    if fits:
        people = [board.people[row.appointment_id] for row in fits[:MOST]]
        return board, BoardFound(people=people, elsewhere=[], is_cut=len(fits) > MOST), None
    if read_code(typed) is None:
        return board, None if holds_digit(typed) else replace(NOTHING, problem=_("Nobody of today is called so.")), None
    other = appointment_of_code(session, request, typed=typed)
    if other is None:
        return board, None, Reading("appointment.not_found", f"staff:{request.staff.staff_id}")
    reading = Reading("appointment.found", f"appointment:{other.id}", office_id=other.office.id)
    return board, BoardFound(people=[], elsewhere=[other]), reading


def _best(rows: list[BoardRow], typed: str, *, shows_names: bool) -> list[BoardRow]:
    """Who fits best: by the whole number or code alone, else by a part of the code, the paper’s last signs, a name."""
    if not holds_digit(typed):
        return [row for row in rows if shows_names and holds(row.of_day.person_name or "", typed)]
    code = read_code(typed)
    digits = "".join(sign for sign in ascii_digits(typed) if sign.isdigit())
    exact = [row for row in rows if row.of_day.code == code or (row.number == digits and row.entry is not None)]
    if exact:
        return exact
    # Numbers of the door list are of people who did not come yet: they may be the same as one that is called.
    return [
        row
        for row in rows
        if row.number == digits
        or (len(digits) >= SHORTEST and digits in row.of_day.digits)
        or (shows_names and digits == (row.of_day.identity_last4 or ""))
    ]


async def _by_paper(request: PageRequest, backend: Backend, typed: str, *, board: BoardSeen) -> BoardFound:
    """The appointments of the person with this number of a paper."""
    identity = await backend.identity_of(typed, whose=request.actor)
    looked_up: Paper | TooManyNumbers = (
        TooManyNumbers(request.now + AGAIN_AFTER)
        if identity is None
        else await backend.write(look_up, request, typed, identity=identity, is_on_list=False)
    )
    if isinstance(looked_up, TooManyNumbers):
        return replace(NOTHING, problem=refused(looked_up))
    theirs = [each.appointment for each in looked_up.their_appointments]
    people = [board.people[each.id] for each in theirs if each.id in board.people]
    others = [each for each in theirs if each.id not in board.people and each.state not in CANCELLED]
    if not people and not others:
        return replace(NOTHING, problem=_("No turn has this code or this number of a paper."))
    return BoardFound(people=people, elsewhere=others[:MOST_OF_OTHER_DAYS])


def _digits_in(typed: str) -> int:
    return sum(sign.isalnum() for sign in typed)


def _unread(typed: str) -> Text:
    if has_foreign_digits(typed):
        return _("Please write the digits as 0 1 2 3 or as ۰ ۱ ۲ ۳.")
    return _("Nobody of today has this number.")
