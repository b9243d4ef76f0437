"""The rows of a sheet of accounts: one for each role of an account, how it is written, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from litestar.datastructures import MultiDict
from wtforms import Form

from backoffice.brought_in.cells import (
    YES_OR_NO,
    cell_of,
    faults_of_cells,
    faults_of_fields,
    key_of_option,
    plain,
    truth,
    typed_cells,
)
from backoffice.brought_in.columns import TableLine
from backoffice.brought_in.difference import LineFault
from backoffice.forms.choices import Option, Pick, Tick
from backoffice.forms.fields import TextLine, field_named
from backoffice.forms.numbers import Day
from backoffice.offices.saving import code_of
from backoffice.staff.roles import named_area
from backoffice.staff.wording import ROLES
from backoffice.web.http import PageRequest
from desk.language.text import Text, words
from desk.offices import queries
from desk.offices.rows import OfficeRow
from desk.organisation import NATION, Node
from desk.reading.folding import ascii_digits, persian_letters
from desk.staff.permissions import Role
from desk.staff.queries import MemberRow
from desk.staff.rules import RoleInput, key_of, username_of
from desk.storage.base import ReadSession, WriteSession

_ = words("brought_in")
_staff = words("staff")


class StaffRowForm(Form):
    """One role of an account at one place; no password ever stands in a file."""

    username = TextLine(_staff("Username"), longest=40, is_ltr=True)
    name = TextLine(_staff("Name and surname"), longest=80)
    role = Pick(_staff("Role"), options=[(role.value, ROLES[role]) for role in Role])
    place = TextLine(_("Code of the office, or the area"), longest=120)
    valid_from = Day(_staff("From"), required=False)
    valid_to = Day(_staff("To"), required=False)
    is_active = Tick(_("The account is open"))


FIELDS: tuple[str, ...] = tuple(StaffRowForm()._fields)
"""The columns, in their order."""


def titles() -> dict[str, Text]:
    """The titles of the columns."""
    form = StaffRowForm()
    return {name: field_named(form, name).title for name in FIELDS}


@dataclass(frozen=True, slots=True)
class RolePlaces:
    """The places that roles may be for, as the sheet names them."""

    request: PageRequest
    areas: Sequence[Option]
    nodes: Mapping[str, Node]
    """The areas by their keys."""
    offices: Mapping[str, OfficeRow]
    """The offices by their codes."""

    @classmethod
    def of(
        cls,
        session: ReadSession | WriteSession,
        request: PageRequest,
        *,
        codes: Iterable[str] = (),
        ids: Iterable[int] = (),
    ) -> RolePlaces:
        """All areas, and the offices with these codes or ids, as far as they are within reach."""
        within: list[tuple[Node, Text]] = [(NATION, _staff("The whole country"))]
        within += [(row.node, named_area(row)) for row in queries.areas(session)]
        areas = [(node, name) for node, name in within if request.scope.covers(node)]
        found = [
            *queries.offices_by_code(session, codes=list(codes)).values(),
            *queries.offices_by_id(session, office_ids=sorted(set(ids))).values(),
        ]
        return cls(
            request,
            [(key_of(node), name) for node, name in areas],
            {key_of(node): node for node, _name in areas},
            {code_of(row.code): row for row in found if request.scope.covers(row.node)},
        )

    def cell(self, node: Node) -> str:
        """How the sheet names a place; empty = it is not within reach."""
        for row in self.offices.values():
            if node.office_id == row.id:
                return row.code
        return next((plain(self.request, name) for key, name in self.areas if key == key_of(node)), "")

    def node(self, text: str) -> Node | None:
        """The place that a cell names."""
        office = self.offices.get(code_of(text))
        return office.node if office is not None else self.nodes.get(key_of_option(self.request, self.areas, text))


@dataclass(slots=True, kw_only=True)
class StaffRow:
    """A line of the file with what it says of an account; `role` None = it cannot be read."""

    line: TableLine
    username: str
    name: str = ""
    is_active: bool = True
    role: RoleInput | None = None
    faults: list[LineFault] = field(default_factory=list)


def written_codes(lines: Sequence[TableLine]) -> set[str]:
    """The codes of offices that the lines may name."""
    cells = {line.cells["place"] for line in lines}
    return {code_of(each) for each in cells} | {ascii_digits(each) for each in cells}


def cells_of(places: RolePlaces, member: MemberRow) -> list[list[str]]:
    """The rows of an account: one for each role."""
    rows = []
    for role in member.roles:
        data = {"username": member.username, "name": member.name, "role": role.role.value}
        form = StaffRowForm(
            data={
                **data,
                "place": places.cell(role.at),
                "valid_from": role.valid_from,
                "valid_to": role.valid_to,
                "is_active": member.is_active,
            }
        )
        rows.append([cell_of(places.request, field_named(form, name)) for name in FIELDS])
    return rows


def read_row(places: RolePlaces, line: TableLine) -> StaffRow:
    """What a line says; what cannot be read is among its faults."""
    request, form = places.request, StaffRowForm(formdata=None)
    cells = {name: persian_letters(text) for name, text in typed_cells(line, form, FIELDS).items()}
    row = StaffRow(line=line, username=username_of(ascii_digits(line.cells["username"])))
    row.faults += faults_of_cells(line, titles())
    said = cells | {"username": row.username, "role": key_of_option(request, form.role.options, cells["role"])}
    form.process(MultiDict([(name, text) for name, text in said.items() if name != "is_active"]))
    form.validate()
    row.faults += faults_of_fields(line, form, FIELDS)
    is_active = truth(request, cells["is_active"])
    if is_active is None:
        row.faults.append(LineFault(column=form.is_active.title, why=YES_OR_NO))
    node = places.node(cells["place"])
    if node is None and form.place.data:
        row.faults.append(LineFault(column=form.place.title, why=_("None of your offices or areas is called so.")))
    first, last = form.valid_from.data, form.valid_to.data
    if first and last and last < first:
        row.faults.append(LineFault(column=form.valid_to.title, why=_staff("The last day lies before the first.")))
    if not row.faults and node is not None:
        row.name, row.is_active = form.name.data, bool(is_active)
        row.role = RoleInput(Role(form.role.data), node, first, last)
    return row
