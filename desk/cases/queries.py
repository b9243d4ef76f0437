"""Reading cases for the person and by id: lists, by code, threads; `desk.cases.inbox` reads them for staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from desk.calendar import TEHRAN, local_day_of
from desk.cases.changes import ERASED
from desk.cases.deadlines import ANSWER, REOPENING
from desk.cases.drafts import draft
from desk.cases.facts import facts_of
from desk.cases.models import Case, CaseEntry
from desk.cases.reach import Placed, covers, within
from desk.cases.rows import Assignee, CaseRow, CaseThread, EntryRow
from desk.cases.rules import CaseState, Contact, EntryKind
from desk.cases.stored import code_of, marks_of_code, read_facts, read_name, read_text, read_voice
from desk.codes import TrackingCode
from desk.deadlines.queries import due_of
from desk.events.shown import seen
from desk.offices.models import Office
from desk.organisation import NOWHERE, Scope
from desk.outbox.queries import delivery_of
from desk.staff.models import RoleAssignment, StaffMember
from desk.staff.permissions import ROLES, Permission
from desk.staff.queries import AT_OFFICE, ROLE, role_of
from desk.staff.rules import RoleInput, grants
from desk.storage.base import keys_of
from desk.storage.encryption import Keys
from desk.storage.upsert import table_of
from desk.values import Money

__all__ = [
    "Assignee",
    "CaseRow",
    "CaseThread",
    "EntryRow",
    "assignees",
    "by_code",
    "case_of_entry",
    "draft",
    "entry",
    "of_conversation",
    "thread",
]

_c = table_of(Case).c
_entries = table_of(CaseEntry)
_offices = table_of(Office)
_staff = table_of(StaffMember)


# Statements that are always the same are built once.
CASES = (
    select(
        table_of(Case),
        _offices.c.code.label("office_code"),
        _offices.c.name.label("office_name"),
        _offices.c.province_code.label("office_province_code"),
        _staff.c.name.label("assignee"),
        *ANSWER.columns,
        REOPENING.due_at.label("reopen_until"),
    )
    .select_from(REOPENING.joined_to(ANSWER.joined_to(table_of(Case))))
    .join(_offices, _offices.c.id == _c.office_id, isouter=True)
    .join(_staff, _staff.c.id == _c.assigned_to, isouter=True)
)
_OF_CONVERSATION = CASES.where(_c.conversation_id == bindparam("conversation")).order_by(
    _c.state == CaseState.CLOSED, _c.changed_at.desc(), _c.id
)
_BY_CODE = CASES.where(_c.code_mark.in_(bindparam("marks", expanding=True)))


_ENTRY = (
    *_entries.c["id", "place", "at", "kind", "staff_id", "text_sealed", "voice_sealed", "detail"],
    _staff.c.name.label("staff_name"),
)


def row_of(keys: Keys, row: Row[Any]) -> CaseRow:
    """The case of a row of `CASES`."""
    return CaseRow(
        id=row.id,
        code=code_of(keys, row.code_sealed, id=row.id),
        kind=row.kind,
        category=row.category,
        severity=row.severity,
        state=row.state,
        close_reason=row.close_reason,
        contact=row.contact,
        name=read_name(keys, row.name_sealed, id=row.id) if row.contact is Contact.NAME else None,
        can_be_told=row.conversation_id is not None,
        was_erased=row.idem_key.startswith(ERASED),
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
        facts=_facts(keys, row),
        assigned_to=row.assigned_to,
        assigned_name=row.assignee,
        due=due_of(row),
        reopen_until=row.reopen_until if row.state is CaseState.CLOSED else None,
        answered_at=row.answered_at,
        created_at=row.created_at,
        opened_at=row.opened_at,
        state_at=row.state_at,
        closed_at=row.closed_at,
        changed_at=row.changed_at,
    )


def _facts(keys: Keys, row: Row[Any]) -> dict[str, str]:
    """In the order of asking: a database need not keep the order of JSON keys."""
    facts = read_facts(keys, row.facts_sealed, id=row.id)
    return {fact.code: facts[fact.code] for fact in facts_of(row.category) if fact.code in facts}


def of_conversation(session: Session, *, conversation_id: int) -> list[CaseRow]:
    """The cases of this chat, open ones first, then by the last change."""
    keys = keys_of(session)
    return [row_of(keys, row) for row in session.execute(_OF_CONVERSATION, {"conversation": conversation_id})]


def by_code(session: Session, *, code: TrackingCode) -> CaseRow | None:
    """The case with this code; the number of look-ups is not limited here.

    For a code that a person typed call `desk.cases.chat.look_up`, which limits codes that no case has.
    """
    keys = keys_of(session)
    row = session.execute(_BY_CODE, {"marks": marks_of_code(keys, code)}).first()
    return None if row is None else row_of(keys, row)


def case_of_entry(session: Session, *, entry_id: int) -> int | None:
    """The id of the case that an entry belongs to."""
    found = session.scalar(select(_entries.c.case_id).where(_entries.c.id == entry_id))
    if found is not None:
        seen(f"case:{found}")
    return found


def thread(session: Session, *, case_id: int, for_staff: bool, scope: Scope | None = None) -> CaseThread | None:
    """A case with its entries; None where it does not exist or lies beyond `scope`.

    For the person: without notes, assignments and names of staff. For staff `scope` is their scope of CASES_READ and is
    required.

    Raises:
        ValueError: for staff without a scope.
    """
    if for_staff and scope is None:
        raise ValueError("a thread is read by staff within a scope")
    query = CASES.where(_c.id == case_id)
    if for_staff and scope is not None:
        query = query.where(within(scope))
    found = session.execute(query).first()
    if found is None:
        return None
    e = _entries.c
    lines = (
        select(*_ENTRY)
        .join_from(_entries, _staff, _staff.c.id == e.staff_id, isouter=True)
        .where(e.case_id == case_id)
        .order_by(e.place)
    )
    if not for_staff:
        lines = lines.where(e.kind.not_in([EntryKind.NOTE, EntryKind.ASSIGNED]))
    keys = keys_of(session)
    entries = tuple(_entry(keys, row) for row in session.execute(lines))
    if not for_staff:
        return CaseThread(row_of(keys, found), tuple(_for_person(entry) for entry in entries))
    told = delivery_of(session, abouts=[f"entry:{entry.id}" for entry in entries if entry.staff_id is not None])
    return CaseThread(
        row_of(keys, found), entries, {int(about.partition(":")[2]): state for about, state in told.items()}
    )


def _entry(keys: Keys, row: Row[Any]) -> EntryRow:
    return EntryRow(
        id=row.id,
        place=row.place,
        at=row.at,
        kind=row.kind,
        staff_id=row.staff_id,
        staff_name=row.staff_name,
        text=read_text(keys, row.text_sealed, id=row.id),
        voice=read_voice(keys, row.voice_sealed, id=row.id),
        detail=row.detail,
    )


def _for_person(entry: EntryRow) -> EntryRow:
    return EntryRow(entry.id, entry.place, entry.at, entry.kind, None, None, entry.text, entry.voice, entry.detail)


def entry(session: Session, *, entry_id: int) -> EntryRow | None:
    """One entry as the person may read it, for its notice; None for a note."""
    e = _entries.c
    row = session.execute(
        select(*_ENTRY)
        .join_from(_entries, _staff, _staff.c.id == e.staff_id, isouter=True)
        .where(e.id == entry_id, e.kind.not_in([EntryKind.NOTE, EntryKind.ASSIGNED]))
    ).first()
    return None if row is None else _for_person(_entry(keys_of(session), row))


def assignees(session: Session, *, case_id: int, now: datetime) -> list[Assignee]:
    """The colleagues whose scope covers this case, by name."""
    placed = session.execute(
        select(_c.kind, _c.office_id, _c.handler_office_id, _c.handler_province_code, _offices.c.area)
        .join_from(table_of(Case), _offices, _offices.c.id == _c.handler_office_id, isouter=True)
        .where(_c.id == case_id)
    ).first()
    if placed is None:
        return []
    roles = table_of(RoleAssignment)
    answering = [role for role, permissions in ROLES.items() if Permission.CASES_ANSWER in permissions]
    held = session.execute(
        select(_staff.c.id, _staff.c.name, *ROLE)
        .join_from(_staff, roles, roles.c.staff_id == _staff.c.id)
        .join(_offices, AT_OFFICE, isouter=True)
        .where(_staff.c.is_active, roles.c.role.in_(answering))
        .order_by(_staff.c.sorts_as, _staff.c.id)
    )
    people: dict[Assignee, list[RoleInput]] = {}
    for staff_id, name, *role in held:
        people.setdefault(Assignee(staff_id, name), []).append(role_of(*role))
    place = Placed(*placed)
    today = local_day_of(now, zone=TEHRAN).date
    return [
        person
        for person, own in people.items()
        if covers(grants(own, day=today).get(Permission.CASES_ANSWER, NOWHERE), place)
    ]
