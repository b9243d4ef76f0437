"""The day's list of an office: who is expected, who is here, how each visit ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar.datastructures import ImmutableMultiDict

from backoffice.access import OutOfReach, require_office
from backoffice.appointments.come_back import back_values
from backoffice.appointments.forms import BackForm
from backoffice.appointments.found_by_code import Found, turn_of_code
from backoffice.appointments.wording import NOT_RECORDED, TURN_STATES
from backoffice.forms.days import read_date, today_at
from backoffice.layout.badge import Badge
from backoffice.offices.in_reach import Choice, choice_for
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.appointments import queries as appointments
from desk.appointments.rows import TurnRow
from desk.appointments.rules import LIVE, State
from desk.capacity.refusals import SlotPassed, SlotTaken
from desk.language.labels import DOCUMENT_KINDS
from desk.language.text import Param, Text, inline, words
from desk.places import queries as places
from desk.reading.folding import ascii_digits, holds
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay, LocalMoment
from desk.visits import actions as visits
from desk.visits import queries as visit_queries
from desk.visits.refusals import NotYetTheHour
from desk.visits.rows import DayRow
from desk.visits.rules import Outcome

_ = words("today")

CAME = frozenset({State.ARRIVED, State.SERVED, State.COME_BACK})
OVER = frozenset({State.SERVED, State.COME_BACK, State.ABSENT})
UNDO = {State.ARRIVED: "undo_arrival", **dict.fromkeys(OVER, "undo_outcome")}
"""What can be taken back in each state."""
BACK, SURE = "appointments/back_form.html", "appointments/sure.html"
PAGES = {BACK: "appointments/back.html", SURE: "appointments/sure_page.html"}
"""What may stand open in a row, and the page that it is without htmx."""
MOST_DIGITS = 16
"""Of the number of a time in a button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A turn as the list shows it, with what may be recorded now."""

    row: DayRow
    badge: Badge
    paper: Text | None
    may_record: bool
    may_arrive: bool
    may_end: bool
    may_be_absent: bool
    undo: str | None
    """What can be taken back now."""
    is_over: bool


@dataclass(frozen=True, slots=True)
class Count:
    """A figure above the list."""

    label: Text
    number: int


@dataclass(frozen=True, slots=True)
class Closure:
    """A day on which no turns are given, with its holiday or what staff wrote about it, if there is something."""

    why: Param | None


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The list of one office and one day."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        return Render(template="appointments/day_list.html", values={"choice": choice})
    if choice.is_needed and request.query_number("office") is None and not request.is_fragment:
        # From here on the office stands in the address: another window may look at another one.
        to = f"/today?{urlencode({'office': choice.current.id, **_asked_too(request)})}"
        return Redirect(to=to, remember=choice.remember)
    return listed(
        session,
        request,
        choice=choice,
        office=choice.current,
        typed_day=request.query_text("day"),
        wanted=request.query_text("q"),
    )


def listed(
    session: ReadSession | WriteSession,
    request: PageRequest,
    *,
    choice: Choice,
    office: Any,
    typed_day: str,
    wanted: str,
) -> Render:
    """The list of an office on the day that was typed, else today; of it what fits `wanted`."""
    today = today_at(request.now, zone=office.zone)
    day = LocalDay(read_date(typed_day) or today.date)
    rows = visit_queries.day_list(session, office_id=office.id, day=day.date)
    may_record = _may_record(request, office=office)
    lines = _lines(rows, day=day, today=today, may_record=may_record)
    shown = [line for line in lines if _matches(line, wanted)]
    found = turn_of_code(session, request, typed=wanted) if wanted and not shown else None
    over = sum(line.is_over for line in shown)
    values = {
        "choice": choice,
        "office": office,
        "day": day,
        "today": today,
        "is_today": day == today,
        "before": day.plus(-1),
        "after": day.plus(1),
        "lines": shown,
        "folded": over if over < len(shown) and not wanted else 0,
        "now_before": _now_before(shown, now=request.now) if day == today and not wanted else None,
        "counts": _counts(rows),
        "q": wanted,
        "found": [Found(found, request.now)] if found is not None else [],
        "is_empty": not lines,
        "closed": _closure(session, office_id=office.id, day=day) if not lines and day >= today else None,
        "paper": None,
        "may_be_number": False,
        "problem": None,
        "in_place": request.is_fragment,
    }
    reading = _reading_of(office.id, day) if rows else None
    if found is not None:
        reading = Reading("appointment.found", f"appointment:{found.id}")
    return Render(template="appointments/day_list.html", values=values, remember=choice.remember, reading=reading)


def back(session: ReadSession, request: PageRequest) -> PageResponse:
    """Offers the times at which somebody may come back; a piece in the row, or a page of its own."""
    turn = _turn_in_reach(session, request)
    form = (
        BackForm(ImmutableMultiDict({"come_back_on": day}))
        if (day := request.query_text("come_back_on"))
        else BackForm()
    )
    if day:
        form.validate()
    values = back_values(session, turn, form=form, now=request.now, address=_address(turn))
    template = "appointments/back_form.html" if request.is_fragment else "appointments/back.html"
    return Render(template=template, values=values, reading=_reading_of(turn.office.id, LocalDay(turn.day)))


def row(session: ReadSession, request: PageRequest) -> PageResponse:
    """One turn as the list shows it, with the figures of its day; without htmx the list itself."""
    turn = _turn_in_reach(session, request)
    if not request.is_fragment:
        return Redirect(to=f"{_address(turn)}#turn-{turn.id}")
    return _changed(session, request, turn, may_record=_may_record(request, office=turn.office), more={})


async def record(request: PageRequest, backend: Backend) -> PageResponse:
    """What the button of a row says: an arrival, an outcome, or taking one of them back."""
    said, _colon, rest = str(request.form.get("do") or "").partition(":")
    recording: Callable[..., object]
    match said:
        case "arrive":
            recording = visits.record_arrival
        case "undo_arrival":
            recording = visits.undo_arrival
        case "undo_outcome":
            recording = visits.undo_outcome
        case Outcome.SERVED:
            recording = partial(visits.record_outcome, outcome=Outcome.SERVED)
        case Outcome.ABSENT:
            recording = partial(visits.record_outcome, outcome=Outcome.ABSENT, is_sure=rest == "sure")
        case Outcome.COME_BACK if rest.isascii() and rest.isdigit() and len(rest) < MOST_DIGITS:
            recording = partial(visits.record_come_back, slot_id=int(rest))
        case Outcome.COME_BACK | "back_on":
            # No time yet: the day in the field, with its free times.
            form = BackForm(request.form)
            form.validate()
            return await _answer(request, backend, piece=BACK, form=form)
        case _:
            return await _answer(request, backend, problem=_("Please choose how the visit ended."))

    def act(session: WriteSession) -> None:
        turn = _turn_in_reach(session, request)
        recording(session, appointment_id=turn.id, staff_id=request.staff.staff_id, now=request.now)

    try:
        await backend.write(act)
    except SentAlready:
        # Pressed twice: the row as it is now says what happened.
        return await _answer(request, backend)
    except NotYetTheHour:
        return await _answer(request, backend, piece=SURE)
    except (SlotTaken, SlotPassed) as refusal:
        # Somebody was faster: what is free now stands there instead.
        return await _answer(request, backend, piece=BACK, form=BackForm(), problem=refused(refusal))
    except Refusal as refusal:
        return await _answer(request, backend, problem=refused(refusal))
    return await _answer(request, backend)


def _turn_in_reach(session: ReadSession | WriteSession, request: PageRequest) -> TurnRow:
    """The turn of the address; raises OutOfReach where it belongs to an office of somebody else."""
    turn = appointments.turn(session, appointment_id=request.path["turn"])
    if turn is None:
        raise OutOfReach
    require_office(request.scope, office_id=turn.office.id, province_code=turn.office.province_code)
    return turn


async def _answer(
    request: PageRequest,
    backend: Backend,
    *,
    problem: Text | None = None,
    piece: str | None = None,
    form: BackForm | None = None,
) -> PageResponse:
    """The row and the figures for htmx; for a plain form the list again, or a page with what is still asked.

    `piece` is what stands open in the row: the times to come back at, with `form`, or the question whether it is sure.
    """
    return await backend.read(partial(_answered, request=request, problem=problem, piece=piece, form=form))


def _answered(
    session: ReadSession, *, request: PageRequest, problem: Text | None, piece: str | None, form: BackForm | None
) -> PageResponse:
    turn = _turn_in_reach(session, request)
    address = _address(turn)
    more: dict[str, Any] = {}
    if piece is not None and turn.state in LIVE:
        more = {
            "piece": piece,
            "turn": turn,
            "back": address,
            "turn_clock": LocalMoment(turn.starts_at, turn.zone).clock,
        }
        if form is not None:
            more |= back_values(session, turn, form=form, now=request.now, address=address)
    if request.is_fragment:
        return _changed(session, request, turn, may_record=True, more=more, problem=problem)
    if more:
        asks_again = form is None or bool(form.errors) or problem is not None
        status = 422 if asks_again else 200
        reading = _reading_of(turn.office.id, LocalDay(turn.day))
        return Render(template=PAGES[piece or ""], values={**more, "problem": problem}, status=status, reading=reading)
    if problem is not None:
        return Render(template="faults/refused.html", values={"said": problem, "back": address}, status=422)
    return Redirect(to=f"{address}#turn-{turn.id}", notice="recorded")


def _changed(
    session: ReadSession,
    request: PageRequest,
    turn: TurnRow,
    *,
    may_record: bool,
    more: dict[str, Any],
    problem: Text | None = None,
) -> PageResponse:
    """The row of a turn and the figures of its day, as pieces."""
    rows = visit_queries.day_list(session, office_id=turn.office.id, day=turn.day)
    today = today_at(request.now, zone=turn.zone)
    lines = _lines(rows, day=LocalDay(turn.day), today=today, may_record=may_record)
    line = next((each for each in lines if each.row.appointment_id == turn.id), None)
    if line is None:
        raise OutOfReach
    values = {"line": line, "counts": _counts(rows), "problem": problem, "piece": None, **more}
    return Render(
        template="appointments/changed.html", values=values, reading=_reading_of(turn.office.id, LocalDay(turn.day))
    )


def _reading_of(office_id: int, day: LocalDay) -> Reading:
    """A day's list, or one row of it: whoever goes through the rows one by one has read the list."""
    return Reading("day.read", f"office:{office_id}:{day.date.isoformat()}", recurs=True)


def _asked_too(request: PageRequest) -> dict[str, str]:
    """What else stands in the address."""
    return {name: request.query_text(name) for name in ("day", "q") if request.query_text(name)}


def _address(turn: TurnRow) -> str:
    return f"/today?office={turn.office.id}&day={turn.day.isoformat()}"


def _may_record(request: PageRequest, *, office: Any) -> bool:
    scope = request.staff.scope(Permission.APPOINTMENTS_RECORD)
    return scope.covers_office(office_id=office.id, province_code=office.province_code)


def _lines(rows: Sequence[DayRow], *, day: LocalDay, today: LocalDay, may_record: bool) -> list[Line]:
    # Nothing happens on a day that has not come yet.
    may_record = may_record and day <= today
    return [_line(row, may_record=may_record, is_past=day < today) for row in rows]


def _line(row: DayRow, *, may_record: bool, is_past: bool) -> Line:
    return Line(
        row=row,
        badge=NOT_RECORDED if is_past and row.state is State.BOOKED else TURN_STATES[row.state],
        paper=DOCUMENT_KINDS[row.document_kind] if row.document_kind else None,
        may_record=may_record,
        may_arrive=may_record and row.state is State.BOOKED,
        may_end=may_record and row.state in {State.BOOKED, State.ARRIVED},
        may_be_absent=may_record and row.state is State.BOOKED,
        undo=UNDO.get(row.state),
        is_over=row.state in OVER,
    )


def _closure(session: ReadSession | WriteSession, *, office_id: int, day: LocalDay) -> Closure | None:
    """Why no turns are given on a day; None where there are some, free or not."""
    cells = places.grid(session, office_id=office_id, from_day=day.date, days=1)
    if not all(cell.is_closed for cell in cells):
        return None
    said = [each for each in dict.fromkeys(cell.holiday or cell.reason for cell in cells) if each]
    return Closure(inline(*said) if said else None)


def _now_before(lines: Sequence[Line], *, now: datetime) -> int:
    """Before which line the present moment lies; behind the last one it is their number."""
    return next((place for place, line in enumerate(lines) if line.row.starts_at > now), len(lines))


def _counts(rows: Sequence[DayRow]) -> list[Count]:
    return [
        Count(_("Booked"), len(rows)),
        Count(_("Came"), sum(row.state in CAME for row in rows)),
        Count(_("Served"), sum(row.state is State.SERVED for row in rows)),
        Count(_("Absent"), sum(row.state is State.ABSENT for row in rows)),
    ]


def _matches(line: Line, wanted: str) -> bool:
    """Whether a row holds what is searched: part of the name, of the code, or the last four signs of the paper."""
    if not wanted:
        return True
    digits = "".join(sign for sign in ascii_digits(wanted) if sign.isdigit())
    if digits:
        return digits in line.row.code.digits or digits == (line.row.identity_last4 or "")
    return holds(line.row.person_name or "", wanted)
