"""Accounts in a workbook: the sheet that is filled with what stands, its difference to it, and saving all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from backoffice.brought_in.cells import TooManyToTake, shown_name
from backoffice.brought_in.chosen import ChosenOffices
from backoffice.brought_in.columns import TableLine
from backoffice.brought_in.difference import (
    ChangedValue,
    Difference,
    DifferenceLine,
    LineFault,
    LookedAt,
    LooksOtherwise,
)
from backoffice.brought_in.sheets import MOST_ROWS
from backoffice.brought_in.staff_rows import RolePlaces, StaffRow, StaffRowForm, cells_of, read_row, written_codes
from backoffice.forms.days import today_at
from backoffice.forms.fields import field_named
from backoffice.staff.accounts import new_password
from backoffice.staff.said_roles import in_words, names_of_places
from backoffice.web.http import PageRequest
from backoffice.wording import refused
from desk.calendar import TEHRAN
from desk.language.text import Param, Text, series, words
from desk.refusals import Refusal
from desk.staff import actions, listing, queries
from desk.staff.one_at_a_time import one_change_at_a_time
from desk.staff.queries import MemberRow
from desk.staff.refusals import NotYourself, NotYoursToGive, UsernameTaken, UsernameUnfit
from desk.staff.rules import RoleInput, may_give
from desk.storage.base import ReadSession, WriteSession

_ = words("brought_in")
_staff = words("staff")

MOST_NEW = 50
"""The most new accounts of one file: the password of each is hashed slowly on purpose, and handed over in person."""
MOST_CHANGED = 300
"""The most accounts that one file changes: to look at them, each is saved and taken back."""
NOT_HASHED = "-"
"""Stands for the hash of a password where an account is made only to be seen and taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberToSave:
    """What the file says of an account; no `member` = a new one."""

    username: str
    name: str
    roles: tuple[RoleInput, ...]
    is_active: bool
    member: MemberRow | None


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """The first password of a new account, which is shown once, and its hash."""

    password: str
    hashed: str


StaffDifference = Difference[MemberToSave]


def standing(session: ReadSession, request: PageRequest, *, chosen: ChosenOffices) -> list[list[str]]:
    """The rows of the sheet that is filled with the accounts that this person may change, but their own.

    Raises TooManyToTake.
    """
    found = listing.members(
        session, scope=request.scope, words=chosen.words, province_code=chosen.province or None, limit=MOST_ROWS
    )
    own = queries.roles_of(session, staff_id=request.staff.staff_id)
    today = today_at(request.now, zone=TEHRAN).date
    members = [
        member
        for member in found.rows
        if member.id != request.staff.staff_id
        and all(may_give(own, role, day=today, is_new=False) for role in member.roles)
    ]
    ids = {role.at.office_id for member in members for role in member.roles if role.at.office_id is not None}
    places = RolePlaces.of(session, request, ids=ids)
    rows = [row for member in members for row in cells_of(places, member)]
    if found.total > MOST_ROWS or len(rows) > MOST_ROWS:
        raise TooManyToTake(max(found.total, len(rows)))
    return rows


def look(session: WriteSession, request: PageRequest, lines: Sequence[TableLine]) -> NoReturn:
    """Do what the lines say and raise LookedAt, by which the transaction is taken back."""
    found = _compared(session, request, lines)
    _save(session, request, found, passwords={})
    raise LookedAt(found)


def bring_in(
    session: WriteSession,
    request: PageRequest,
    lines: Sequence[TableLine],
    *,
    seen: str,
    passwords: Mapping[str, FirstPassword],
) -> int:
    """Save all lines, and return how many changed something; `passwords` are those of the new accounts by username.

    Raises LooksOtherwise, with nothing saved, where this would do anything but what the page with the sign `seen`
    showed.
    """
    one_change_at_a_time(session)
    found = _compared(session, request, lines)
    _save(session, request, found, passwords=passwords)
    if found.sign != seen or not found.can_be_done or set(new_names(found)) != set(passwords):
        raise LooksOtherwise(found)
    return len(found.to_save)


def new_names(found: StaffDifference) -> list[str]:
    """The usernames of the accounts that are made."""
    return [line.thing.username for line in found.to_save if line.thing.member is None]


def _compared(session: ReadSession | WriteSession, request: PageRequest, lines: Sequence[TableLine]) -> StaffDifference:
    """What the lines would change; what the desk refuses is found by doing it."""
    places = RolePlaces.of(session, request, codes=written_codes(lines))
    rows = [read_row(places, line) for line in lines]
    by_name: defaultdict[str, list[StaffRow]] = defaultdict(list)
    for row in rows:
        by_name[row.username].append(row)
    present = queries.members_by_username(session, usernames=[name for name in by_name if name])
    for these in by_name.values():
        _require_one_account(these)
    found = [_of_row(row) for row in rows if row.faults]
    whole = {name: these for name, these in by_name.items() if not any(row.faults for row in these)}
    roles = [row.role for these in whole.values() for row in these if row.role is not None]
    held = [role for member in present.values() for role in member.roles]
    names = names_of_places(session, [*roles, *held])
    found += [_of_account(request, these, present.get(name), names) for name, these in whole.items()]
    for line in [line for line in found if line.is_new and not line.faults][MOST_NEW:]:
        why = _("A file makes {n} accounts at most. Please send the others in another file.", n=MOST_NEW)
        line.faults.append(LineFault(column=None, why=why))
    for line in [line for line in found if line.changes and not line.is_new and not line.faults][MOST_CHANGED:]:
        why = _("A file changes {n} accounts at most. Please send the others in another file.", n=MOST_CHANGED)
        line.faults.append(LineFault(column=None, why=why))
    return Difference(sorted(found, key=lambda line: line.number))


def _require_one_account(rows: Sequence[StaffRow]) -> None:
    """Say at a row where it differs from the first one of the same account in what is said once."""
    first = rows[0]
    form = StaffRowForm()
    for row in rows[1:]:
        if row.faults or first.faults:
            continue
        for name in ("name", "is_active"):
            if getattr(row, name) != getattr(first, name):
                why = _("Row {n} of the same account says something else.", n=first.line.number)
                row.faults.append(LineFault(column=field_named(form, name).title, why=why))


def _of_row(row: StaffRow) -> DifferenceLine[MemberToSave]:
    """A row that cannot be brought in."""
    cells = row.line.cells
    return DifferenceLine(
        number=row.line.number,
        name=shown_name(cells["name"]),
        code=shown_name(row.username),
        thing=MemberToSave(username=row.username, name="", roles=(), is_active=True, member=None),
        is_new=False,
        faults=list(row.faults),
    )


def _of_account(
    request: PageRequest, rows: Sequence[StaffRow], member: MemberRow | None, names: Mapping[str, Param]
) -> DifferenceLine[MemberToSave]:
    """What becomes of an account, all of whose rows can be read."""
    first = rows[0]
    roles = tuple(dict.fromkeys(row.role for row in rows if row.role is not None))
    thing = MemberToSave(
        username=first.username, name=first.name, roles=roles, is_active=first.is_active, member=member
    )
    line = DifferenceLine(
        number=first.line.number, name=first.name, code=first.username, thing=thing, is_new=member is None
    )
    form = StaffRowForm()
    if member is not None and not _is_within(request, member):
        why = _("This username belongs to an account that is not yours. Please take another.")
        line.faults.append(LineFault(column=form.username.title, why=why))
        return line
    line.changes += _changes(thing, names)
    if member is None and not thing.is_active:
        why = _("A new account is open at first.")
        line.faults.append(LineFault(column=form.is_active.title, why=why))
    if member is not None and member.id == request.staff.staff_id and line.changes:
        why = _("This is your own account, which no file changes.")
        line.faults.append(LineFault(column=form.username.title, why=why, link=f"/staff/{member.id}"))
    return line


def _is_within(request: PageRequest, member: MemberRow) -> bool:
    return request.scope.is_national or any(request.scope.covers(role.at) for role in member.roles)


def _changes(thing: MemberToSave, names: Mapping[str, Param]) -> list[ChangedValue]:
    """What differs; of a new account all of it but that it is open."""
    member, form = thing.member, StaffRowForm()
    old_roles = member.roles if member is not None else ()
    values: list[tuple[Text, Param | None, Param | None, str, str]] = [
        (form.name.title, member.name if member else None, thing.name, member.name if member else "", thing.name),
        (_staff("Roles"), _said(old_roles, names), _said(thing.roles, names), _signs(old_roles), _signs(thing.roles)),
    ]
    if member is not None:
        states = [_staff("Open") if each else _staff("Closed") for each in (member.is_active, thing.is_active)]
        values.append((_staff("The account"), *states, str(member.is_active), str(thing.is_active)))  # type: ignore[arg-type]
    return [
        ChangedValue(title=title, old=old, new=new, old_sign=old_sign, new_sign=new_sign)
        for title, old, new, old_sign, new_sign in values
        if old_sign != new_sign
    ]


def _said(roles: Sequence[RoleInput], names: Mapping[str, Param]) -> Param | None:
    return series(*(in_words(role, names) for role in roles)) if roles else None


def _signs(roles: Sequence[RoleInput]) -> str:
    return ",".join(sorted(role.said for role in roles))


def _save(
    session: WriteSession, request: PageRequest, found: StaffDifference, *, passwords: Mapping[str, FirstPassword]
) -> None:
    """Save each line without a fault by the action that saves one account, and add to it what that refuses.

    In the order of the rows: who brings them in remains an administrator, or may make none that stays.
    """
    for line in found.to_save:
        thing = line.thing
        try:
            with session.begin_nested():
                _save_one(session, request, thing, passwords.get(thing.username))
        except Refusal as refusal:
            line.faults.append(LineFault(column=_column_of(refusal), why=refused(refusal)))


def _column_of(refusal: Refusal) -> Text | None:
    form = StaffRowForm()
    match refusal:
        case UsernameTaken() | UsernameUnfit():
            return form.username.title
        case NotYoursToGive():
            return form.role.title
        case NotYourself():
            return form.is_active.title
        case _:
            return None


def _save_one(session: WriteSession, request: PageRequest, thing: MemberToSave, first: FirstPassword | None) -> None:
    if thing.member is None:
        actions.create(
            session,
            username=thing.username,
            name=thing.name,
            password=first.password if first else new_password(),
            hashed=first.hashed if first else NOT_HASHED,
            roles=thing.roles,
            actor=request.actor,
            now=request.now,
        )
    else:
        actions.update_member(
            session,
            member_id=thing.member.id,
            name=thing.name,
            roles=thing.roles,
            is_active=thing.is_active,
            actor=request.actor,
            now=request.now,
        )
