"""The rows of the day's list: what each shows of a person, and what may be recorded of them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.appointments.wording import (
    APPOINTMENT_STATES,
    COMES,
    NAMED_TWICE,
    NOT_RECORDED,
    WITHOUT_APPOINTMENT,
)
from backoffice.layout.badge import Badge
from desk.appointments.rows import WishedAssistance
from desk.appointments.rules import LIVE, AppointmentState, AssistanceState
from desk.language.labels import ASSISTANCE, DOCUMENT_KINDS
from desk.language.text import Text, series, words
from desk.people.rules import has_number
from desk.reading.folding import ascii_digits, holds
from desk.values import LocalDay
from desk.visits.rows import DayRow

_ = words("today")

OVER = frozenset({AppointmentState.SERVED, AppointmentState.COME_BACK, AppointmentState.ABSENT})
NAME_ERASED = _("Name erased")
UNDO = {AppointmentState.ARRIVED: "undo_arrival", **dict.fromkeys(OVER, "undo_outcome")}
"""The action that undoes the present state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentLine:
    """A row of the list, with what may be recorded now."""

    row: DayRow
    badge: Badge
    paper: Text | None
    may_record: bool
    may_arrive: bool
    may_end: bool
    may_be_absent: bool
    undo: str | None
    """The action that undoes the present state now."""
    is_over: bool
    walk_in: Badge | None
    """Says that the place was given at the door; None = booked for its time."""
    named_twice: Badge | None
    """Says that another chat has an appointment with the same number."""
    comes_with: tuple[DayRow, ...]
    """Those who come together with the person, in the order of the list; empty = nobody does."""
    together: Text | None
    """Names them; None where nobody does."""
    comes: Badge | None
    """Says that the person has said that they will come; nothing once they are there or absent."""
    may_compare: bool
    """Whether the number of the original paper may be compared now, and with it the name corrected."""
    wished: Text | None
    """What the person wishes for at the counter, with what the office answered; None where nothing is."""
    may_answer: bool
    """Whether the office may answer it now."""
    may_name: bool
    """Whether a slip in the name may be mended of somebody without a number."""


def lines_of(rows: Sequence[DayRow], *, day: LocalDay, today: LocalDay, may_record: bool) -> list[AppointmentLine]:
    may_answer = may_record and day >= today
    # Nothing can be recorded on a day that has not come.
    may_record = may_record and day <= today
    households: dict[tuple[int, int | None], list[DayRow]] = {}
    for row in rows:
        if row.household is not None:
            households.setdefault(row.household, []).append(row)
    return [
        _line(
            row,
            comes_with=tuple(each for each in households[row.household] if each is not row) if row.household else (),
            may_record=may_record,
            may_answer=may_answer,
            is_past=day < today,
        )
        for row in rows
    ]


def _line(
    row: DayRow, *, comes_with: tuple[DayRow, ...], may_record: bool, may_answer: bool, is_past: bool
) -> AppointmentLine:
    is_open = may_record and not is_past and row.state in LIVE
    return AppointmentLine(
        row=row,
        badge=NOT_RECORDED if is_past and row.state is AppointmentState.BOOKED else APPOINTMENT_STATES[row.state],
        paper=DOCUMENT_KINDS[row.document_kind] if row.document_kind else None,
        may_record=may_record,
        may_arrive=may_record and row.state is AppointmentState.BOOKED,
        may_end=may_record and row.state in {AppointmentState.BOOKED, AppointmentState.ARRIVED},
        may_be_absent=may_record and row.state is AppointmentState.BOOKED,
        undo=UNDO.get(row.state),
        is_over=row.state in OVER,
        walk_in=WITHOUT_APPOINTMENT if row.is_walk_in else None,
        named_twice=NAMED_TWICE if row.is_named_twice else None,
        comes_with=comes_with,
        together=_("Together with {people}", people=series(*(each.person_name or NAME_ERASED for each in comes_with)))
        if comes_with
        else None,
        comes=COMES if row.has_confirmed and row.state is AppointmentState.BOOKED and not is_past else None,
        wished=_("Wishes for {wishes}", wishes=series(*(_wish(each) for each in row.wished))) if row.wished else None,
        may_answer=may_answer and bool(row.wished) and row.state is AppointmentState.BOOKED,
        may_compare=is_open and has_number(row.document_kind),
        may_name=is_open and row.person_name is not None and not has_number(row.document_kind),
    )


def _wish(wished: WishedAssistance) -> Text:
    what = ASSISTANCE[wished.kind]
    match wished.state:
        case AssistanceState.ARRANGED:
            return _("{wish} (arranged)", wish=what)
        case AssistanceState.CANNOT:
            return _("{wish} (cannot be arranged)", wish=what)
        case _:
            return what


def matches(line: AppointmentLine, wanted: str) -> bool:
    """Whether a row matches the search: part of the name or of the code, or the last four characters of the paper."""
    if not wanted:
        return True
    digits = "".join(sign for sign in ascii_digits(wanted) if sign.isdigit())
    if digits:
        return digits in line.row.code.digits or digits == (line.row.identity_last4 or "")
    return holds(line.row.person_name or "", wanted)
