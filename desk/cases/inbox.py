"""Reading the inbox: the cases within a scope, danger first and then by deadline, by page, and the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, Subquery, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import Session

from desk.cases.categories import DANGER
from desk.cases.deadlines import ANSWER, CASES
from desk.cases.found_by import Label, WordSearch, asked
from desk.cases.models import Case, CaseEntry
from desk.cases.reach import within
from desk.cases.rows import InboxPage, LastLine, ListedCase
from desk.cases.rules import CaseKind, CaseState, EntryKind
from desk.cases.stored import code_of, read_name, read_text
from desk.deadlines.queries import due_of, late_ones
from desk.deadlines.rules import Side
from desk.events.shown import seen
from desk.offices.models import Office
from desk.organisation import Scope
from desk.staff.models import StaffMember
from desk.storage.among import none_of
from desk.storage.base import keys_of
from desk.storage.encryption import Keys
from desk.storage.upsert import table_of

_cases = table_of(Case)
_c = _cases.c
_entries = table_of(CaseEntry)
_offices = table_of(Office)
_staff = table_of(StaffMember)
_WAITING = none_of(_c.state, [CaseState.ANSWERED, CaseState.CLOSED])

# Answered cases wait for the person and come last. Of the others danger is first, however late the rest are; then they
# come by deadline, then by severity.
_IN_ORDER = (
    _c.state == CaseState.CLOSED,
    _c.state == CaseState.ANSWERED,
    _c.severity < DANGER,
    ANSWER.due_at.asc().nulls_last(),
    _c.severity.desc(),
    _c.created_at,
    _c.id,
)
_NOW = bindparam("now", type_=_c.created_at.type)
_SIZE, _SKIPPED = bindparam("size", type_=Integer), bindparam("skipped", type_=Integer)
_OVERDUE = ANSWER.is_late(_NOW)
_WITH_ANSWER = ANSWER.joined_to(_cases)
_PROVINCE = bindparam("province", type_=_c.handler_province_code.type)
_NARROWED: dict[str, ColumnElement[bool]] = {
    "category": _c.category == bindparam("category", type_=_c.category.type),
    "office": _c.office_id == bindparam("office", type_=_c.office_id.type),
    # The province of the office it is about, or of the filing where there is no office.
    "province": or_(
        _c.office_id.in_(select(_offices.c.id).where(_offices.c.province_code == _PROVINCE)),
        and_(_c.office_id.is_(None), _c.handler_province_code == _PROVINCE),
    ),
}
"""The columns that the list may be filtered by, each with a parameter of its own name."""

MOST_COMPARED = 400
"""The most cases of a search whose texts are decrypted and compared, the first in order."""
BEGINNING = 160
"""The letters of an entry that a list shows."""

_e, _writer = _entries.c, _staff.alias("writer")
_LAST = (
    select(_e.id)
    .where(
        _e.case_id == _c.id,
        _e.kind != EntryKind.ASSIGNED,
        or_(_e.text_sealed.is_not(None), _e.voice_sealed.is_not(None)),
    )
    .order_by(_e.place.desc())
    .limit(1)
    .correlate(_cases)
    .scalar_subquery()
)
_last, _told = _entries.alias("last_line"), _entries.alias("told")
# Where its moment is NULL, nothing was written yet.
_LAST_LINE = (
    _last.c.at.label("written_at"),
    _last.c.kind.label("line_kind"),
    _writer.c.name.label("writer"),
    _last.c.staff_id.is_not(None).label("is_by_staff"),
    _last.c.id.label("line_id"),
    _last.c.text_sealed,
    _last.c.voice_sealed.is_not(None).label("is_voice"),
)
_LISTED = (
    *_c["id", "code_sealed", "kind", "category", "severity", "state"],
    _offices.c.name.label("office_name"),
    _staff.c.name.label("assigned_name"),
    *ANSWER.columns,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """A filter of the inbox; by default, every open case."""

    state: CaseState | None = None
    """None = every open case, and with `closed_too` the closed ones after them."""
    closed_too: bool = False
    kind: CaseKind | None = None
    assigned_to: int | None = None
    unassigned_only: bool = False
    overdue_only: bool = False
    category: str | None = None
    province: str | None = None
    """The code of the province of its office, or of the filing where there is no office."""
    office: int | None = None
    """The office it is about."""
    words: str | None = None
    """Searched for as in `desk.cases.found_by`, also in `labels`."""
    labels: Sequence[Label] = ()

    @property
    def narrowed(self) -> dict[str, Any]:
        """The filtered columns and their values, by the names of the parameters."""
        values = {"category": self.category, "province": self.province, "office": self.office}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def shape(self) -> CaseFilter:
        """The filter without the values that are parameters: it determines the statement."""
        return replace(self, category=None, province=None, office=None, words=None, labels=())


ALL_OPEN = CaseFilter()


@lru_cache(maxsize=256)
def _ids(
    scope: Scope,
    shape: CaseFilter,
    narrowed: tuple[str, ...],
    mentioned: ColumnElement[bool] | None = None,
    answered: tuple[ColumnElement[Any], ...] = (),
) -> Select[Any]:
    """The statement for the ids of the inbox in order; cached by scope and filter, since building takes longer than
    running.

    It selects ids only: the other columns are read for the cases of one page. For a search it selects the whole rows,
    one for each text of a case, with the name and `answered`.
    """
    has_order = (
        shape.state is CaseState.CLOSED and not shape.overdue_only
    )  # closed cases are in the order of their closing
    rows = _cases if has_order else _WITH_ANSWER
    query = select(_c.id).select_from(rows).where(within(scope))
    if shape.state is not None:
        query = query.where(_c.state == shape.state)
    elif not shape.closed_too:
        query = query.where(_c.state != CaseState.CLOSED)
    if shape.kind is not None:
        query = query.where(_c.kind == shape.kind)
    if shape.assigned_to is not None:
        query = query.where(_c.assigned_to == shape.assigned_to)
    if shape.unassigned_only:
        query = query.where(_c.assigned_to.is_(None))
    if shape.overdue_only:
        query = query.where(_OVERDUE)
    if narrowed:
        query = query.where(*(_NARROWED[name] for name in narrowed))
    if mentioned is not None:
        nth = func.row_number().over(order_by=_order(shape.state)).label("nth")
        found = query.where(mentioned).add_columns(_c.name_sealed, nth, *answered).order_by(nth)
        hits = found.limit(bindparam("most", type_=Integer)).subquery()
        has_text = and_(_told.c.case_id == hits.c.id, _told.c.text_sealed.is_not(None))
        columns = (*hits.c["name_sealed", "nth"], _told.c.id.label("told"), _told.c.text_sealed.label("told_sealed"))
        answers = (hits.c[str(each.key)] for each in answered)
        return _rows_of(hits, shape.state, *columns, *answers).join(_told, has_text, isouter=True)
    # Counted apart, without the deadlines where they do not matter: a window would keep every row it counts.
    counted = select(func.count()).select_from(_WITH_ANSWER if shape.overdue_only else _cases)
    total = counted.where(true() if query.whereclause is None else query.whereclause).correlate(None).scalar_subquery()
    return query.add_columns(total.label("total")).order_by(*_order(shape.state))


def _order(state: CaseState | None) -> tuple[ColumnElement[Any], ...]:
    return (_c.closed_at.desc(), _c.id.desc()) if state is CaseState.CLOSED else _IN_ORDER


@lru_cache(maxsize=256)
def _page(query: Select[Any], state: CaseState | None, *, is_first: bool) -> Select[Any]:
    """The statement for the rows of a page; a page behind the end gives the last one."""
    skipped: ColumnElement[int] = _SKIPPED
    if not is_first:
        number = select(func.count()).select_from(query.order_by(None).subquery()).scalar_subquery()
        last = (case((number > 0, number - 1), else_=0) // _SIZE) * _SIZE
        skipped = case((last < _SKIPPED, last), else_=_SKIPPED)
    chosen = query.add_columns(skipped.label("skipped")).limit(_SIZE).offset(skipped).subquery()
    return _rows_of(chosen, state, chosen.c.total, chosen.c.skipped)


def _rows_of(chosen: Subquery, state: CaseState | None, *more: ColumnElement[Any]) -> Select[Any]:
    return (
        select(*more, *_LAST_LINE, *_LISTED)
        .join_from(chosen, _cases, _c.id == chosen.c.id)
        .join(ANSWER.table, ANSWER.of, isouter=True)
        .join(_offices, _offices.c.id == _c.office_id, isouter=True)
        .join(_staff, _staff.c.id == _c.assigned_to, isouter=True)
        .join(_last, _last.c.id == _LAST, isouter=True)
        .join(_writer, _writer.c.id == _last.c.staff_id, isouter=True)
        .order_by(*_order(state))
    )


@lru_cache(maxsize=64)
def _tallies(scope: Scope) -> Select[Any]:
    late = func.sum(case((_c.id.in_(late_ones(CASES, owed_by=Side.DESK, now=_NOW)), 1), else_=0))
    return select(_c.state, func.count(), late).where(within(scope), _c.state != CaseState.CLOSED).group_by(_c.state)


def inbox(
    session: Session,
    *,
    scope: Scope,
    wanted: CaseFilter = ALL_OPEN,
    now: datetime,
    page: int = 1,
    page_size: int = 25,
) -> InboxPage:
    """The cases within `scope`, those in danger first, then those due soonest. Two statements.

    Closed cases (`state` CLOSED) come by the time of their closing, the latest first. `page` counts from 1; behind the
    end it is the last one.
    """
    keys, values, is_cut = keys_of(session), wanted.narrowed, False
    page = max(page, 1)
    narrowed = tuple(values)
    window: dict[str, Any] = {"now": now, "size": page_size, **values}
    if wanted.words and wanted.words.strip():
        hits, is_cut = _mentioning(session, scope=scope, wanted=wanted, values=window)
        total, page = len(hits), min(page, max(1, -(-len(hits) // page_size)))
        found: Sequence[Any] = hits[(page - 1) * page_size : page * page_size]
    else:
        query = _ids(scope, wanted.shape, narrowed)
        window["skipped"] = page_size * (page - 1)
        found = session.execute(_page(query, wanted.state, is_first=page == 1), window).all()
        total, skipped = found[0][:2] if found else (0, 0)
        if found and skipped < window["skipped"]:
            page = skipped // page_size + 1
    lines, rows = {}, []
    for row in found:
        rows.append(_listed(keys, row))
        if row.written_at is not None:
            text = read_text(keys, row.text_sealed, id=row.line_id)
            lines[row.id] = LastLine(
                at=row.written_at,
                kind=row.line_kind,
                staff_name=row.writer,
                is_by_staff=row.is_by_staff,
                beginning=None if text is None else text[:BEGINNING],
                is_voice=row.is_voice,
            )
    counts, overdue = tallies(session, scope=scope, now=now)
    return InboxPage(
        rows=tuple(rows),
        total=total,
        page=page,
        page_size=page_size,
        counts=counts,
        overdue=overdue,
        last=lines,
        is_cut=is_cut,
    )


def _mentioning(
    session: Session, *, scope: Scope, wanted: CaseFilter, values: Mapping[str, Any]
) -> tuple[list[Row[Any]], bool]:
    """The rows of the cases that have the words, in order, and whether more may have them. One statement.

    At most `MOST_COMPARED` cases that may have them are compared with their texts.
    """
    keys = keys_of(session)
    search = asked(keys, wanted.words or "", scope=scope, labels=wanted.labels)
    if search is None:
        return [], False  # only punctuation
    query = _ids(scope, wanted.shape, tuple(wanted.narrowed), search.condition, search.columns)
    hits: dict[int, list[Row[Any]]] = {}
    for row in session.execute(query, {**values, **search.values, "most": MOST_COMPARED}):
        hits.setdefault(row.nth, []).append(row)
    found = [rows[0] for _nth, rows in sorted(hits.items()) if _is_hit(keys, search, rows)]
    return found, len(hits) == MOST_COMPARED


def _is_hit(keys: Keys, search: WordSearch, rows: Sequence[Row[Any]]) -> bool:
    """Whether the case of these rows, one for each of its texts, has the words."""
    case = rows[0]
    answered = [getattr(case, each.key) for each in search.columns]
    if search.is_met(answered, ()):
        return True
    name = read_name(keys, case.name_sealed, id=case.id)
    return search.is_met(answered, [name, *(read_text(keys, row.told_sealed, id=row.told) for row in rows)])


def _listed(keys: Keys, row: Row[Any]) -> ListedCase:
    return ListedCase(
        id=row.id,
        code=code_of(keys, row.code_sealed, id=row.id),
        kind=row.kind,
        category=row.category,
        severity=row.severity,
        state=row.state,
        office_name=row.office_name,
        assigned_name=row.assigned_name,
        due=due_of(row),
    )


def tallies(session: Session, *, scope: Scope, now: datetime) -> tuple[dict[CaseState, int], int]:
    """The number of open cases within scope by state, and how many of them are overdue. One statement."""
    found = session.execute(_tallies(scope), {"now": now}).all()
    return {state: number for state, number, _ in found}, sum(int(overdue) for *_, overdue in found)


@lru_cache(maxsize=64)
def _after(scope: Scope) -> Select[Any]:
    here = bindparam("here", type_=_c.id.type)
    ranked = (
        select(_c.id, func.row_number().over(order_by=_IN_ORDER).label("place"))
        .select_from(_WITH_ANSWER)
        .where(within(scope), or_(_WAITING, _c.id == here))
        .subquery()
    )
    place = select(ranked.c.place).where(ranked.c.id == here).scalar_subquery()
    return select(ranked.c.id).where(ranked.c.id != here).order_by(ranked.c.place < place, ranked.c.place).limit(1)


def next_case(session: Session, *, scope: Scope, after: int) -> int | None:
    """The case after `after` in the inbox that waits for the desk; after the last one, the first."""
    found: int | None = session.scalar(_after(scope), {"here": after})
    if found is not None:
        seen(f"case:{found}")
    return found
