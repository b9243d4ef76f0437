"""The rows of roles in an account's form: what the actor may give, and reading what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import ImmutableMultiDict

from backoffice.forms.choices import Option
from backoffice.offices.in_reach import LONG
from backoffice.staff.forms import RoleForm
from backoffice.staff.wording import ROLES
from desk.language.text import Text, inline, words
from desk.offices import finding, queries
from desk.offices.finding import FoundOffices
from desk.offices.rows import AreaRow, OfficeRow
from desk.organisation import NATION, Level, Node, Scope
from desk.staff.permissions import Role
from desk.staff.rules import RANK, RoleInput, key_of
from desk.storage.base import ReadSession

_ = words("staff")

ROWS = 2
"""The fewest rows of the form; one is always empty."""
MOST_ROWS = 50
MOST_FOUND = 20
LOOKS = "looks"
"""The name of the button that searches for an office and saves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedRoles:
    """What the actor may give; with many offices, only those that are held already, and a search."""

    roles: list[Option]
    places: list[Option]
    nodes: dict[str, Node]
    """The areas by their keys."""
    offices: dict[str, OfficeRow]
    is_long: bool


def offer_to(
    session: ReadSession, scope: Scope, *, held: Sequence[RoleInput] = (), also: Sequence[int] = ()
) -> OfferedRoles:
    """The roles and the places that somebody whose STAFF_WRITE reaches `scope` may give.

    Only for the list: what is really given is checked by the action.
    """
    if scope.is_national:
        highest = RANK[Role.ADMINISTRATOR]
    else:
        highest = RANK[Role.PROVINCE_OFFICER] if scope.provinces else RANK[Role.OFFICE_MANAGER]
    roles: list[Option] = [(role.value, ROLES[role]) for role in Role if RANK[role] <= highest]
    within: list[tuple[Node, Text]] = [(NATION, _("The whole country"))]
    within += [(row.node, named_area(row)) for row in queries.areas(session)]
    within = [(node, name) for node, name in within if scope.covers(node)]
    places: list[Option] = [(key_of(node), name) for node, name in within]
    nodes = {key_of(node): node for node, _name in within}
    wanted = dict.fromkeys([*(role.at.office_id for role in held if role.at.office_id is not None), *also])
    found = finding.some(session, scope=scope, first=wanted, limit=max(LONG + 1, len(wanted)))
    is_long = len(found) > LONG
    if is_long:
        places.append((Level.OFFICE.value, _("One office")))
    else:
        found.sort(key=queries.in_order)
        places += [(key_of(row.node), inline(row.name, row.code)) for row in found]
    return OfferedRoles(
        roles=roles, places=places, nodes=nodes, offices={str(row.id): row for row in found}, is_long=is_long
    )


def named_area(row: AreaRow) -> Text:
    """The area with its level."""
    match row.node.level:
        case Level.PROVINCE:
            return _("Province: {name}", name=row.name)
        case Level.COUNTY:
            return _("County: {name}", name=row.name)
        case _:
            return _("District: {name}", name=row.name)


def empty_rows(held: Sequence[RoleInput], offer: OfferedRoles) -> list[RoleForm]:
    """A row for each role that is held, and empty ones."""
    values: list[dict[str, Any]] = [
        {
            "role": role.role.value,
            **_place_of(role, offer),
            "valid_from": role.valid_from,
            "valid_to": role.valid_to,
        }
        for role in held
    ]
    blank: list[dict[str, Any]] = [{} for _row in range(max(ROWS - len(held), 1))]
    rows = []
    for number, data in enumerate([*values, *blank]):
        row = RoleForm(formdata=None, data=data, prefix=f"r{number}")
        _offer(row, offer, [offer.offices[data["office"]]] if data.get("office") in offer.offices else [])
        rows.append(row)
    return rows


def sent_rows(session: ReadSession, form: ImmutableMultiDict[Any], scope: Scope) -> list[RoleForm]:
    """The sent rows, validated; where an office was searched for, with those found."""
    numbers = range(
        next(number for number in range(MOST_ROWS + 1) if f"r{number}-role" not in form or number == MOST_ROWS)
    )
    ids = [str(form.get(f"r{number}-office") or "") for number in numbers]
    offer = offer_to(session, scope, also=[int(each) for each in ids if each.isdecimal() and len(each) < 16])
    rows = []
    for number in numbers:
        row = RoleForm(formdata=None, prefix=f"r{number}")
        picked = offer.offices.get(ids[number])
        words = str(form.get(f"r{number}-find") or "")[:80]
        is_searched = offer.is_long and form.get(f"r{number}-place") == Level.OFFICE and bool(words.strip())
        found = look_for(session, scope, words=words) if is_searched else FoundOffices([], 0)
        both = [*([picked] if picked else []), *(each for each in found.rows if each != picked)]
        _offer(row, offer, both)
        row.process(form)
        row.validate()
        if bool(row.role.data) != bool(row.place.data) and not row.errors:
            missing = row.place if row.role.data else row.role
            missing.add_error(_("Please choose both, or neither."))
        if row.valid_from.data and row.valid_to.data and row.valid_to.data < row.valid_from.data:
            row.valid_to.add_error(_("The last day lies before the first."))
        if offer.is_long and row.place.data == Level.OFFICE and not row.errors:
            _require_office(row, picked=picked, found=found, words=words if is_searched else "")
        rows.append(row)
    return rows


def _require_office(row: RoleForm, *, picked: OfficeRow | None, found: FoundOffices, words: str) -> None:
    """Require one office, and one of those last searched for."""
    if words and not found.rows:
        row.find.add_error(_("No office was found by this. Please try the city, or part of the code."))
    elif picked is None and not words:
        row.find.add_error(_("Please write part of the name, the city or the code."))
    elif picked is None or not finding.fits(picked, words=words):
        row.find.add_error(_("Please choose the office from those found."))


def look_for(session: ReadSession, scope: Scope, *, words: str) -> FoundOffices:
    """The offices in reach that these words find, as many as can be looked through."""
    return finding.find(session, scope=scope, provinces=queries.provinces(session), words=words, limit=MOST_FOUND)


def chosen(rows: Sequence[RoleForm]) -> list[RoleInput]:
    """The roles that valid rows name."""
    return [
        RoleInput(Role(row.role.data), row.nodes[_key_of(row)], row.valid_from.data, row.valid_to.data)
        for row in rows
        if row.role.data and row.place.data
    ]


def _key_of(row: RoleForm) -> str:
    place = str(row.place.data)
    return f"{place}:{row.office.data}" if place == Level.OFFICE else place


def _place_of(role: RoleInput, offer: OfferedRoles) -> dict[str, str]:
    if offer.is_long and role.at.office_id is not None:
        return {"place": Level.OFFICE.value, "office": str(role.at.office_id)}
    return {"place": role.key}


def _offer(row: RoleForm, offer: OfferedRoles, offices: Sequence[OfficeRow]) -> None:
    row.role.options, row.place.options, row.is_long = offer.roles, offer.places, offer.is_long
    row.nodes = offer.nodes | {key_of(each.node): each.node for each in (*offer.offices.values(), *offices)}
    row.office.options = [(str(each.id), inline(each.name, each.code)) for each in offices]
