"""Reading cases: the person's own, by code, the thread, and the inbox of whoever may handle them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session

from desk.cases.facts import facts_of
from desk.cases.models import Case, CaseEntry
from desk.cases.reach import Placed, covers, within
from desk.cases.rows import Assignee, CaseRow, CaseThread, EntryRow, InboxPage
from desk.cases.rules import CaseKind, Contact, EntryKind, State
from desk.language.folding import ascii_digits, clean
from desk.offices.models import Office
from desk.outbox.queries import delivery_of
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import ROLES, Permission
from desk.staff.rules import RoleInput, Scope, grants
from desk.storage.upsert import table_of
from desk.values import Money, TrackingCode

__all__ = [
    "Assignee",
    "CaseRow",
    "CaseThread",
    "EntryRow",
    "InboxPage",
    "assignees",
    "by_code",
    "case_of_entry",
    "entry",
    "inbox",
    "of_conversation",
    "one",
    "thread",
]

_c = table_of(Case).c
_entries = table_of(CaseEntry)
_offices = table_of(Office)
_staff = table_of(StaffMember)
_WAITING = _c.state.not_in([State.ANSWERED, State.CLOSED])


# Statements are built once, as far as they are always the same.
_CASES = (
    select(
        table_of(Case),
        _offices.c.code.label("office_code"),
        _offices.c.name.label("office_name"),
        _offices.c.province_code.label("office_province_code"),
        _staff.c.name.label("assignee"),
    )
    .join_from(table_of(Case), _offices, _offices.c.id == _c.office_id, isouter=True)
    .join(_staff, _staff.c.id == _c.assigned_to, isouter=True)
)
_OF_CONVERSATION = _CASES.where(_c.conversation_id == bindparam("conversation")).order_by(
    _c.state == State.CLOSED, _c.changed_at.desc(), _c.id
)
_BY_CODE = _CASES.where(_c.code == bindparam("code"))


def _row(row: Row[Any]) -> CaseRow:
    return CaseRow(
        id=row.id,
        code=TrackingCode(row.code),
        kind=row.kind,
        category=row.category,
        severity=row.severity,
        state=row.state,
        close_reason=row.close_reason,
        contact=row.contact,
        name=row.name if row.contact is Contact.NAME else None,
        can_be_told=row.conversation_id is not None,
        locale=row.locale,
        office_id=row.office_id,
        office_code=row.office_code,
        office_name=row.office_name,
        office_province_code=row.office_province_code,
        handler_office_id=row.handler_office_id,
        handler_province_code=row.handler_province_code,
        service_id=row.service_id,
        happened_on=row.happened_on,
        paid=None if row.paid_rial is None else Money(row.paid_rial),
        facts=_facts(row),
        assigned_to=row.assigned_to,
        assigned_name=row.assignee,
        first_due_at=row.first_due_at,
        due_at=row.due_at,
        answered_at=row.answered_at,
        created_at=row.created_at,
        opened_at=row.opened_at,
        state_at=row.state_at,
        closed_at=row.closed_at,
        changed_at=row.changed_at,
    )


def _facts(row: Row[Any]) -> dict[str, str]:
    """In the order of asking, which a database need not keep."""
    return {fact.code: row.facts[fact.code] for fact in facts_of(row.category) if fact.code in row.facts}


def of_conversation(session: Session, *, conversation_id: int) -> list[CaseRow]:
    """The cases of this chat, open ones first, then by the last change."""
    return [_row(row) for row in session.execute(_OF_CONVERSATION, {"conversation": conversation_id})]


def by_code(session: Session, *, code: TrackingCode) -> CaseRow | None:
    """The case with this code, from whichever chat it is asked; no limit is kept here.

    A code that a person wrote goes through the chat's door (`bot.doors.cases`), which counts what is nobody's.
    """
    row = session.execute(_BY_CODE, {"code": code.digits}).first()
    return None if row is None else _row(row)


def case_of_entry(session: Session, *, entry_id: int) -> int | None:
    """The case that a line of a thread belongs to."""
    return session.scalar(select(_entries.c.case_id).where(_entries.c.id == entry_id))


def thread(session: Session, *, case_id: int, for_staff: bool, scope: Scope | None = None) -> CaseThread | None:
    """A case with its lines; None when it is not there or beyond `scope`.

    For the person: without notes, assignments and names of staff. For staff `scope` is their reach of CASES_READ, and
    is needed: a thread is never read by whoever happens to know its number.

    Raises:
        ValueError: for staff without a scope.
    """
    if for_staff and scope is None:
        raise ValueError("a thread is read by staff within a scope")
    query = _CASES.where(_c.id == case_id)
    if for_staff and scope is not None:
        query = query.where(within(scope))
    found = session.execute(query).first()
    if found is None:
        return None
    e = _entries.c
    lines = (
        select(e.id, e.at, e.kind, e.staff_id, _staff.c.name, e.text, e.voice, e.detail)
        .join_from(_entries, _staff, _staff.c.id == e.staff_id, isouter=True)
        .where(e.case_id == case_id)
        .order_by(e.id)
    )
    if not for_staff:
        lines = lines.where(e.kind.not_in([EntryKind.NOTE, EntryKind.ASSIGNED]))
    entries = tuple(EntryRow(*row) for row in session.execute(lines))
    if not for_staff:
        return CaseThread(_row(found), tuple(_for_person(entry) for entry in entries))
    told = delivery_of(session, abouts=[f"entry:{entry.id}" for entry in entries if entry.staff_id is not None])
    return CaseThread(_row(found), entries, {int(about.partition(":")[2]): state for about, state in told.items()})


def _for_person(entry: EntryRow) -> EntryRow:
    return EntryRow(entry.id, entry.at, entry.kind, None, None, entry.text, entry.voice, entry.detail)


def entry(session: Session, *, entry_id: int) -> EntryRow | None:
    """One line of a thread as the person may read it, for the notice that tells it; None for a note."""
    e = _entries.c
    row = session.execute(
        select(e.id, e.at, e.kind, e.text, e.voice, e.detail).where(
            e.id == entry_id, e.kind.not_in([EntryKind.NOTE, EntryKind.ASSIGNED])
        )
    ).first()
    return None if row is None else EntryRow(row.id, row.at, row.kind, None, None, row.text, row.voice, row.detail)


def one(session: Session, *, case_id: int) -> CaseRow | None:
    """One case without its thread, for rendering a notice to its person."""
    row = session.execute(_CASES.where(_c.id == case_id)).first()
    return None if row is None else _row(row)


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
    query = _CASES.add_columns(func.count().over().label("total")).where(within(scope))
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
    if state is State.CLOSED:
        query = query.order_by(_c.closed_at.desc(), _c.id.desc())
    else:
        # Answered ones wait for the person and come last; then what was promised soonest, the graver first.
        soonest = case((_c.answered_at.is_(None), func.coalesce(_c.first_due_at, _c.due_at)), else_=_c.due_at)
        query = query.order_by(
            _c.state == State.CLOSED,
            _c.state == State.ANSWERED,
            soonest.is_(None),
            soonest,
            _c.severity.desc(),
            _c.created_at,
            _c.id,
        )
    return query


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
    `closed_too` the closed ones behind them. Two statements.

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
        rows=tuple(_row(row) for row in rows),
        total=rows[0].total if rows else 0,
        page=page,
        page_size=page_size,
        counts={found: number for found, (number, _) in counts.items()},
        overdue=sum(overdue for _, overdue in counts.values()),
    )


def assignees(session: Session, *, case_id: int) -> list[Assignee]:
    """The colleagues whose own reach covers this case, by name."""
    placed = session.execute(
        select(_c.kind, _c.office_id, _c.handler_office_id, _c.handler_province_code, _offices.c.province_code)
        .join_from(table_of(Case), _offices, _offices.c.id == _c.handler_office_id, isouter=True)
        .where(_c.id == case_id)
    ).first()
    if placed is None:
        return []
    roles = table_of(RoleAssignment)
    answering = [role for role, permissions in ROLES.items() if Permission.CASES_ANSWER in permissions]
    held = session.execute(
        select(_staff.c.id, _staff.c.name, roles.c.role, roles.c.scope, roles.c.province_code, roles.c.office_id)
        .join_from(_staff, roles, roles.c.staff_id == _staff.c.id)
        .where(_staff.c.is_active, roles.c.role.in_(answering))
        .order_by(_staff.c.name, _staff.c.id)
    )
    people: dict[Assignee, list[RoleInput]] = {}
    for staff_id, name, *role in held:
        people.setdefault(Assignee(staff_id, name), []).append(RoleInput(*role))
    place = Placed(*placed)
    return [person for person, own in people.items() if covers(grants(own)[Permission.CASES_ANSWER], place)]
