"""The page of the inbox: complaints and questions within the scope, danger first, then those due soonest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from backoffice.cases import inbox_filter
from backoffice.cases.deadlines import deadline
from backoffice.cases.inbox_labels import GRAVE, labels
from backoffice.cases.wording import CASE_KINDS, CASE_STATES, CATEGORIES, SEVERITIES
from backoffice.layout.badge import Badge
from backoffice.layout.paging import pages_of
from backoffice.web.http import PageRequest, PageResponse, Reading, Redirect, Render
from desk.calendar import day_or_moment
from desk.cases import inbox
from desk.cases import queries as cases
from desk.cases.inbox import CaseFilter
from desk.cases.rows import CaseRow, InboxPage, LastLine, ListedCase
from desk.cases.rules import CaseState, EntryKind
from desk.language.text import Text, series, words
from desk.offices.rows import OfficeRow
from desk.reading.codes import read_code
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment

_ = words("inbox")

PAGE_SIZE = 25
IN_WORK = (CaseState.WITH_UNIT, CaseState.IN_REVIEW)
"""States in which somebody has the case in hand."""
SHOWN = 110
"""The letters that a row shows of the newest entry."""
A_COLLEAGUE, THE_PERSON = _("A colleague"), _("The person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The newest entry: by whom, its beginning, when."""

    who: Text | str
    beginning: str | None
    is_voice: bool
    is_note: bool
    is_persons: bool
    at: LocalDay | LocalMoment


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case as the list shows it."""

    case: CaseRow | ListedCase
    kind: Badge
    state: Badge
    category: Text
    due: Badge
    severity: Badge | None
    last: Last | None


@dataclass(frozen=True, slots=True)
class InboxFigure:
    """A figure above the list that links to its cases."""

    label: Text
    number: int
    address: str
    is_late: bool = False


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The list; a complete tracking code redirects to its case."""
    typed = request.query_text("q")
    code = read_code(typed) if typed else None
    if code is not None:
        case = cases.by_code(session, code=code)
        if case is not None and cases.thread(session, case_id=case.id, for_staff=True, scope=request.scope):
            return Redirect(to=f"/inbox/{case.id}")
    wanted = inbox_filter.InboxFilter.of(request)
    found = inbox_filter.places(session, scope=request.scope, wanted=wanted)
    if found.office is not None and found.office.code != wanted.office:
        # Found by name: the address then holds its code, so that it stays the same office.
        return Redirect(to=replace(wanted, office=found.office.code).address())
    box = _asked(session, request, wanted, office=found.office) if found.is_listed else _nothing(session, request)
    chosen = inbox_filter.are_set(wanted, found)
    values = {
        "lines": [line_of(row, now=request.now, last=box.last.get(row.id)) for row in box.rows],
        "tallies": [
            InboxFigure(_("Late"), box.overdue, "/inbox?late=1", is_late=box.overdue > 0),
            InboxFigure(_("New"), box.counts.get(CaseState.RECEIVED, 0), "/inbox?state=received"),
            *(_tally(state, box.counts) for state in IN_WORK),
            InboxFigure(_("Answered"), box.counts.get(CaseState.ANSWERED, 0), "/inbox?state=answered"),
        ],
        "states": inbox_filter.states(wanted),
        "kinds": inbox_filter.kinds(wanted),
        "who": inbox_filter.whose(wanted),
        "categories": inbox_filter.categories_of(wanted) if inbox_filter.has_categories(request.scope) else [],
        "provinces": inbox_filter.provinces(wanted, found) if inbox_filter.has_provinces(request.scope) else [],
        "has_offices": inbox_filter.has_offices(request.scope),
        "office": wanted.office,
        "is_late": wanted.is_late,
        "chosen": chosen,
        "all_chosen": series(*(each.label for each in chosen)) if chosen else None,
        "faults": found.faults,
        "rows": [(row, replace(wanted, office=row.code).address()) for row in found.offices],
        "left_out": found.left_out,
        "q": typed,
        "not_found": _("«{words}» was not found in {where}, within your reach.", words=typed, where=wanted.where)
        if typed and not box.rows
        else None,
        "wider": wanted.wider,
        "pages": pages_of("/inbox", query=wanted.query(), number=box.page, total=box.total, size=PAGE_SIZE),
        "total": box.total,
        "is_cut": box.is_cut,
    }
    # The rows show beginnings of texts, and the page refreshes itself: a recurring reading.
    reading = Reading("case.list", "inbox", recurs=True)
    return Render(template="cases/inbox.html", values=values, reading=reading)


def _asked(
    session: ReadSession, request: PageRequest, wanted: inbox_filter.InboxFilter, *, office: OfficeRow | None
) -> InboxPage:
    chosen = CaseFilter(
        state=wanted.state,
        closed_too=wanted.closed_too,
        kind=wanted.kind,
        assigned_to=request.staff.staff_id if wanted.who == inbox_filter.ME else None,
        unassigned_only=wanted.who == inbox_filter.NOBODY,
        overdue_only=wanted.is_late,
        category=wanted.category or None,
        province=wanted.province or None,
        office=office.id if office else None,
        words=wanted.words or None,
        labels=labels(request.language) if wanted.words else (),
    )
    return inbox.inbox(
        session, scope=request.scope, wanted=chosen, now=request.now, page=wanted.page, page_size=PAGE_SIZE
    )


def _nothing(session: ReadSession, request: PageRequest) -> InboxPage:
    """No rows, with the figures of the scope."""
    counts, overdue = inbox.tallies(session, scope=request.scope, now=request.now)
    return InboxPage(rows=(), total=0, page=1, page_size=PAGE_SIZE, counts=counts, overdue=overdue, last={})


def line_of(row: CaseRow | ListedCase, *, now: datetime, last: LastLine | None = None) -> CaseLine:
    """A row of the list."""
    return CaseLine(
        case=row,
        kind=CASE_KINDS[row.kind],
        state=CASE_STATES[row.state],
        category=CATEGORIES.get(row.category, CATEGORIES["OTHER"]),
        due=deadline(row, now=now),
        severity=SEVERITIES[row.severity] if row.severity >= GRAVE else None,
        last=_last(last) if last else None,
    )


def _last(line: LastLine) -> Last:
    return Last(
        who=(line.staff_name or A_COLLEAGUE) if line.is_by_staff else THE_PERSON,
        beginning=_shortened(line.beginning) if line.beginning else None,
        is_voice=line.is_voice,
        is_note=line.kind is EntryKind.NOTE,
        is_persons=not line.is_by_staff,
        at=day_or_moment(line.at),
    )


def _shortened(text: str) -> str:
    """The beginning of a text in one line, cut between two words."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= SHOWN else one_line[:SHOWN].rpartition(" ")[0] + " …"


def _tally(state: CaseState, counts: Mapping[CaseState, int]) -> InboxFigure:
    """The figure of one state; its link lists exactly these cases."""
    return InboxFigure(CASE_STATES[state].label, counts.get(state, 0), f"/inbox?state={state.value}")
