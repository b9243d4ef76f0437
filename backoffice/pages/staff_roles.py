"""The roles of an account as rows of a form: which roles and places somebody may give, and reading what was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.datastructures import ImmutableMultiDict

from backoffice.forms.choices import Option
from backoffice.forms.staff import RoleForm
from backoffice.wording import ROLES
from desk.language.text import inline, words
from desk.offices import queries as offices
from desk.staff.permissions import Role, ScopeKind
from desk.staff.rules import RANK, RoleInput, Scope
from desk.storage.base import ReadSession

_ = words("staff")

ROWS = 2
"""Rows of the form at least; there is always an empty one."""


def offered(session: ReadSession, scope: Scope) -> tuple[list[Option], list[Option]]:
    """The roles and the places that somebody whose STAFF_WRITE reaches `scope` may give.

    Only for the list: what is really given is checked by the action.
    """
    if scope.nation:
        highest = RANK[Role.ADMINISTRATOR]
    else:
        highest = RANK[Role.PROVINCE_OFFICER] if scope.provinces else RANK[Role.OFFICE_MANAGER]
    roles: list[Option] = [(role.value, ROLES[role]) for role in Role if RANK[role] <= highest]
    places: list[Option] = [(ScopeKind.NATION.value, _("The whole country"))] if scope.nation else []
    places += [
        (f"{ScopeKind.PROVINCE}:{row.code}", _("Province: {name}", name=row.name))
        for row in offices.provinces(session)
        if scope.covers_province(province_code=row.code)
    ]
    places += [
        (f"{ScopeKind.OFFICE}:{row.id}", inline(row.name, row.code))
        for row in offices.all_offices(session, scope=scope)
    ]
    return roles, places


def empty_rows(held: Sequence[RoleInput], options: tuple[list[Option], list[Option]]) -> list[RoleForm]:
    """A row for each role that is held, and empty ones."""
    values = [{"role": role.role.value, "place": role.key} for role in held]
    blank: list[dict[str, str]] = [{} for _row in range(max(ROWS - len(held), 1))]
    rows = []
    for number, data in enumerate([*values, *blank]):
        row = RoleForm(formdata=None, data=data, prefix=f"r{number}")
        _offer(row, options)
        rows.append(row)
    return rows


def sent_rows(form: ImmutableMultiDict[object], options: tuple[list[Option], list[Option]]) -> list[RoleForm]:
    """The rows as they were sent, validated."""
    rows = []
    number = 0
    while f"r{number}-role" in form and number < 50:
        row = RoleForm(formdata=None, prefix=f"r{number}")
        _offer(row, options)
        row.process(form)
        row.validate()
        if bool(row.role.data) != bool(row.place.data) and not row.errors:
            missing = row.place if row.role.data else row.role
            missing.complain(_("Please choose both, or neither."))
        rows.append(row)
        number += 1
    return rows


def chosen(rows: Sequence[RoleForm]) -> list[RoleInput]:
    """The roles that valid rows name."""
    return [role_of(row.role.data, row.place.data) for row in rows if row.role.data and row.place.data]


def role_of(role: str, place: str) -> RoleInput:
    """The role within the place of a key such as `office:7`, `province:IR-30` or `nation`."""
    kind, _colon, where = place.partition(":")
    scope = ScopeKind(kind)
    return RoleInput(
        role=Role(role),
        scope=scope,
        province_code=where if scope is ScopeKind.PROVINCE else None,
        office_id=int(where) if scope is ScopeKind.OFFICE else None,
    )


def _offer(row: RoleForm, options: tuple[list[Option], list[Option]]) -> None:
    row.role.options, row.place.options = options
