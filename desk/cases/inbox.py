"""The inbox: the cases within a reach, in the order in which they were promised, page by page and one after another."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session

from desk.cases.models import Case, CaseEntry
from desk.cases.queries import CASES, row_of
from desk.cases.reach import within
from desk.cases.rows import InboxPage, LastLine
from desk.cases.rules import CaseKind, EntryKind, State
from desk.language.folding import ascii_digits, clean
from desk.staff.models import StaffMember
from desk.staff.rules import Scope
from desk.storage.upsert import table_of

_c = table_of(Case).c
_entries = table_of(CaseEntry)
_WAITING = _c.state.not_in([State.ANSWERED, State.CLOSED])

# Answered ones wait for the person and come last; then what was promised soonest, the graver first.
_SOONEST = case((_c.answered_at.is_(None), func.coalesce(_c.first_due_at, _c.due_at)), else_=_c.due_at)
_IN_ORDER = (
    _c.state == State.CLOSED,
    _c.state == State.ANSWERED,
    _SOONEST.is_(None),
    _SOONEST,
    _c.severity.desc(),
    _c.created_at,
    _c.id,
)

_NOW = bindparam("now", type_=_c.due_at.type)
_SIZE, _SKIPPED = bindparam("size", type_=Integer), bindparam("skipped", type_=Integer)
_OVERDUE = and_(_WAITING, or_(and_(_c.answered_at.is_(None), _c.first_due_at < _NOW), _c.due_at < _NOW))


def _mentions(words: str) -> ColumnElement[bool]:
    digits = "".join(sign for sign in ascii_digits(words) if sign in "0123456789")
    found = or_(
        _c.name.contains(words, autoescape=True),
        exists().where(_entries.c.case_id == _c.id, _entries.c.text.contains(words, autoescape=True)),
    )
    return or_(found, _c.code.contains(digits)) if digits else found


@lru_cache(maxsize=256)
def _page(
    scope: Scope,
    state: State | None,
    closed_too: bool,
    kind: CaseKind | None,
    assigned_to: int | None,
    unassigned_only: bool,
    overdue_only: bool,
) -> Select[Any]:
    """A page of the inbox; kept for each reach and filter, because building it takes longer than asking it."""
    query = CASES.add_columns(func.count().over().label("total")).where(within(scope))
    if state is not None:
        query = query.where(_c.state == state)
    elif not closed_too:
        query = query.where(_c.state != State.CLOSED)
    if kind is not None:
        query = query.where(_c.kind == kind)
    if assigned_to is not None:
        query = query.where(_c.assigned_to == assigned_to)
    if unassigned_only:
        query = query.where(_c.assigned_to.is_(None))
    if overdue_only:
        query = query.where(_OVERDUE)
    by_closing = (_c.closed_at.desc(), _c.id.desc())
    return query.order_by(*(by_closing if state is State.CLOSED else _IN_ORDER))


@lru_cache(maxsize=256)
def _windowed(query: Select[Any], *, is_first: bool) -> Select[Any]:
    """The rows of a page; of one behind the end, those of the last: the list grew shorter while it was read."""
    skipped: ColumnElement[int] = _SKIPPED
    if not is_first:
        number = select(func.count()).select_from(query.order_by(None).subquery()).scalar_subquery()
        last = (case((number > 0, number - 1), else_=0) // _SIZE) * _SIZE
        skipped = case((last < _SKIPPED, last), else_=_SKIPPED)
    return query.add_columns(skipped.label("skipped")).limit(_SIZE).offset(skipped)


@lru_cache(maxsize=64)
def _tallies(scope: Scope) -> Select[Any]:
    late = func.sum(case((_OVERDUE, 1), else_=0))
    return select(_c.state, func.count(), late).where(within(scope), _c.state != State.CLOSED).group_by(_c.state)


BEGINNING = 160
"""Letters of a line that a list may show."""

_staff = table_of(StaffMember)
_e = _entries.c
_WRITTEN = (
    _e.case_id.in_(bindparam("cases", expanding=True)),
    _e.kind != EntryKind.ASSIGNED,
    or_(_e.text.is_not(None), _e.voice.is_not(None)),
)
# For the rows of one page only: the page itself counts every case of the filter.
_LAST_LINES = (
    select(
        _e.case_id,
        _e.at,
        _e.kind,
        _staff.c.name,
        _e.staff_id.is_not(None),
        func.substr(_e.text, 1, BEGINNING),
        _e.voice.is_not(None),
    )
    .join_from(_entries, _staff, _staff.c.id == _e.staff_id, isouter=True)
    .where(_e.id.in_(select(func.max(_e.id)).where(*_WRITTEN).group_by(_e.case_id)))
)


def _last_lines(session: Session, *, case_ids: list[int]) -> dict[int, LastLine]:
    rows = session.execute(_LAST_LINES, {"cases": case_ids}) if case_ids else ()
    return {case_id: LastLine(*line) for case_id, *line in rows}


def inbox(
    session: Session,
    *,
    scope: Scope,
    state: State | None = None,
    closed_too: bool = False,
    kind: CaseKind | None = None,
    assigned_to: int | None = None,
    unassigned_only: bool = False,
    overdue_only: bool = False,
    words: str | None = None,
    now: datetime,
    page: int = 1,
    page_size: int = 25,
) -> InboxPage:
    """The cases `scope` reaches, the one promised soonest first; `state` None = every open one, and with
    `closed_too` the closed ones behind them. Three statements.

    Closed ones (`state` CLOSED) come by the day they were closed, the latest first. `page` counts from 1; behind the
    end it is the last one. `words` are looked for in the code, the name and what was written in the thread.
    """
    query = _page(scope, state, closed_too, kind, assigned_to, unassigned_only, overdue_only)
    if words and words.strip():
        query = query.where(_mentions(clean(words)))
    page = max(page, 1)
    window = {"now": now, "size": page_size, "skipped": page_size * (page - 1)}
    rows = session.execute(_windowed(query, is_first=page == 1), window).all()
    if rows and rows[0].skipped < window["skipped"]:
        page = rows[0].skipped // page_size + 1
    tallies = session.execute(_tallies(scope), {"now": now})
    counts = {found: (number, int(overdue)) for found, number, overdue in tallies}
    return InboxPage(
        rows=tuple(row_of(row) for row in rows),
        total=rows[0].total if rows else 0,
        page=page,
        page_size=page_size,
        counts={found: number for found, (number, _) in counts.items()},
        overdue=sum(overdue for _, overdue in counts.values()),
        last=_last_lines(session, case_ids=[row.id for row in rows]),
    )


@lru_cache(maxsize=64)
def _after(scope: Scope) -> Select[Any]:
    here = bindparam("here", type_=_c.id.type)
    ranked = (
        select(_c.id, func.row_number().over(order_by=_IN_ORDER).label("place"))
        .where(within(scope), or_(_WAITING, _c.id == here))
        .subquery()
    )
    place = select(ranked.c.place).where(ranked.c.id == here).scalar_subquery()
    return select(ranked.c.id).where(ranked.c.id != here).order_by(ranked.c.place < place, ranked.c.place).limit(1)


def next_case(session: Session, *, scope: Scope, after: int) -> int | None:
    """The case that waits for the desk and stands behind `after` in the inbox; behind the last one, the first."""
    found: int | None = session.scalar(_after(scope), {"here": after})
    return found
