"""Offices in a workbook: the sheet that is filled with what stands, its difference to it, and saving all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import MultiDict

from backoffice.brought_in.cells import (
    YES_OR_NO,
    cell_of,
    faults_of_cells,
    faults_of_fields,
    key_of_option,
    shown_name,
    truth,
)
from backoffice.brought_in.chosen import ChosenOffices
from backoffice.brought_in.columns import TableLine
from backoffice.brought_in.difference import ChangedValue, Difference, DifferenceLine, LineFault, LooksOtherwise
from backoffice.forms.choices import Option, Pick, Tick
from backoffice.forms.fields import BaseField, field_named
from backoffice.offices.forms import OfficeForm
from backoffice.offices.pages import FIELDS_OF, FROM_THE_DIRECTORATE, FROM_THE_NATION, office_data
from backoffice.offices.saving import code_in, code_of, is_elsewhere, is_whole, save_form
from backoffice.web.http import PageRequest
from desk.consequences.hit import Reach, ahead
from desk.language.text import Text, words
from desk.offices import queries
from desk.offices.codes import hold_codes
from desk.offices.rows import OfficeRow
from desk.offices.rules import FROM_ABOVE, decides_about
from desk.organisation import NATION, province
from desk.reading.folding import ascii_digits, persian_letters
from desk.reading.phones import read_phone
from desk.storage.base import ReadSession, WriteSession
from desk.storage.locks import hold

_ = words("brought_in")

OUT_OF_REACH = _("This office does not belong to you.")
NOT_YOUR_PROVINCE = _("You do not answer for this province.")
FIELDS: tuple[str, ...] = tuple(OfficeForm()._fields)
"""The columns, in the order of the form."""


@dataclass(frozen=True, slots=True)
class OfficeToSave:
    """The office that a line is about, None for a new one, and the form that its cells fill."""

    office: OfficeRow | None
    form: OfficeForm


def titles() -> dict[str, Text]:
    """The titles of the columns."""
    form = OfficeForm()
    return {name: field_named(form, name).title for name in FIELDS}


@dataclass(frozen=True, slots=True)
class OfficeSheet:
    """The columns in the words of one request, and the provinces that a form offers."""

    request: PageRequest
    provinces: Sequence[Option]

    @classmethod
    def of(cls, session: ReadSession | WriteSession, request: PageRequest) -> OfficeSheet:
        """The columns as this person reads them."""
        return cls(request, [(row.code, row.name) for row in queries.provinces(session)])

    def empty_form(self) -> OfficeForm:
        """A form without values."""
        form = OfficeForm(formdata=None)
        form.province.options = self.provinces
        return form

    def written(self, office: OfficeRow) -> dict[str, str]:
        """The cells of an office."""
        form = OfficeForm(data=office_data(office))
        form.province.options = self.provinces
        return {name: cell_of(self.request, field_named(form, name)) for name in FIELDS}

    def sent(self, cells: Mapping[str, str]) -> MultiDict[Any]:
        """What a browser would send for these cells; words of a list become its keys, others are sent as they are."""
        form = self.empty_form()
        pairs: list[tuple[str, str]] = []
        for name in FIELDS:
            field, text = field_named(form, name), cells[name]
            if isinstance(field, Pick):
                pairs.append((name, key_of_option(self.request, field.options, text)))
            elif not isinstance(field, Tick):
                pairs.append((name, text))
            elif truth(self.request, text):
                pairs.append((name, "1"))
        return MultiDict(pairs)


def standing(session: ReadSession, request: PageRequest, *, chosen: ChosenOffices) -> list[list[str]]:
    """The rows of the sheet that is filled with the chosen offices. Raises TooManyToTake."""
    sheet = OfficeSheet.of(session, request)
    return [list(sheet.written(row).values()) for row in chosen.found(session, request)]


def difference(
    session: ReadSession | WriteSession, request: PageRequest, lines: Sequence[TableLine]
) -> Difference[OfficeToSave]:
    """What these lines would change."""
    sheet = OfficeSheet.of(session, request)
    codes = [_code(line) for line in lines]
    present = _present(session, lines)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for code, line in zip(codes, lines, strict=True):
        rows[code].append(line.number)
    found = []
    for code, line in zip(codes, lines, strict=True):
        compared = _line(session, sheet, line, code=code, office=present.get(code))
        if code and len(rows[code]) > 1:
            first, second = rows[code][:2]
            why = _("This code stands in row {n} too.", n=second if line.number == first else first)
            compared.faults.append(LineFault(column=compared.thing.form.code.title, why=why))
        found.append(compared)
    return Difference(found)


def bring_in(session: WriteSession, request: PageRequest, lines: Sequence[TableLine], *, seen: str) -> int:
    """Save all lines, and return how many changed something.

    Raises LooksOtherwise, with nothing saved, where this would do anything but what the page with the sign `seen`
    showed.
    """
    found = difference(session, request, lines)
    changed = {line.thing.office.id for line in found.to_save if line.thing.office is not None}
    if found.sign == seen:  # else nothing is saved, and nobody need wait
        for office_id in sorted(changed):
            hold(session, subject=f"office:{office_id}")
        hold_codes(session)
        found = difference(session, request, lines)
    if found.sign != seen or not found.can_be_done:
        raise LooksOtherwise(found)
    for line in found.to_save:
        save_form(session, line.thing.form, office=line.thing.office, actor=request.actor, now=request.now)
    return len(found.to_save)


def _present(session: ReadSession | WriteSession, lines: Sequence[TableLine]) -> dict[str, OfficeRow]:
    """The offices that the lines name, by their codes as `_code` writes them, also one stored on another keyboard."""
    written = {each for line in lines for each in (_code(line), ascii_digits(line.cells["code"]))}
    return {code_of(code): row for code, row in queries.offices_by_code(session, codes=written).items()}


def _code(line: TableLine) -> str:
    return code_of(line.cells["code"])


def _line(
    session: ReadSession | WriteSession, sheet: OfficeSheet, line: TableLine, *, code: str, office: OfficeRow | None
) -> DifferenceLine[OfficeToSave]:
    request = sheet.request
    cells = {name: persian_letters(line.cells[name]) for name in FIELDS}
    form = sheet.empty_form()
    thing = OfficeToSave(office, form)
    name, code = shown_name(cells["name_fa"]), shown_name(code)
    found = DifferenceLine(number=line.number, name=name, code=code, thing=thing, is_new=office is None)
    if office is not None and not request.scope.covers(office.node):
        found.faults.append(LineFault(column=form.code.title, why=OUT_OF_REACH))
        return found
    found.faults += faults_of_cells(line, titles())
    if office is not None:
        was = sheet.written(office)
        # What differs only in the letters of the keyboard stays as it is.
        cells = {name: was[name] if text == persian_letters(was[name]) else text for name, text in cells.items()}
        if cells == was:
            return found
    form.process(sheet.sent(cells))
    if not is_whole(form):
        found.faults += faults_of_fields(line, form, FIELDS)
    if truth(request, cells["is_active"]) is None:
        found.faults.append(LineFault(column=form.is_active.title, why=YES_OR_NO))
    if not found.faults:
        found.faults += _beyond(request, thing)
        found.changes += _changes(sheet, thing)
        if office is not None and found.changes and not found.faults:
            found.faults += _people_there(session, request, office, form)
    return found


def _beyond(request: PageRequest, thing: OfficeToSave) -> list[LineFault]:
    """What this person may not change, as the form of one office says it."""
    office, form = thing.office, thing.form
    wanted = province(form.province.data)
    if office is None or office.province_code != form.province.data:
        if not request.scope.covers(wanted):
            return [LineFault(column=form.province.title, why=NOT_YOUR_PROVINCE)]
        if office is None:
            return []
    found = []
    for value in FROM_ABOVE:
        field = field_named(form, FIELDS_OF[value])
        old, new = getattr(office, value), code_in(form, office) if value == "code" else field.data
        above = decides_about(value, at=office.node, old=old, new=new)
        if old != new and not request.scope.covers(above):
            why = FROM_THE_NATION if above == NATION else FROM_THE_DIRECTORATE
            found.append(LineFault(column=field.title, why=why))
    return found


def _changes(sheet: OfficeSheet, thing: OfficeToSave) -> list[ChangedValue]:
    """The values that differ; of a new office all that are given."""
    was = OfficeForm(data=office_data(thing.office)) if thing.office is not None else OfficeForm(formdata=None)
    was.province.options = sheet.provinces
    found = []
    for name in FIELDS:
        old, new = field_named(was, name), field_named(thing.form, name)
        signs = (_sign(old), _sign(new))
        if signs[0] != signs[1]:
            before = None if thing.office is None else old.said(old.data)
            found.append(
                ChangedValue(
                    title=new.title,
                    old=before,
                    new=new.said(new.data),
                    old_sign=f"{name}={signs[0]}",
                    new_sign=f"{name}={signs[1]}",
                )
            )
    return found


def _sign(field: BaseField) -> str:
    """The value as one text, the same however it was typed."""
    if field.short_name == "phone" and field.data:
        phone = read_phone(field.data)
        return phone.e164 if phone else ""
    if field.short_name == "code":
        return code_of(field.stands_for)
    return ascii_digits(field.stands_for) if field.is_ltr else field.stands_for


def _people_there(
    session: ReadSession | WriteSession, request: PageRequest, office: OfficeRow, form: OfficeForm
) -> list[LineFault]:
    """People who hold appointments there are asked about on the office's own page, and never moved by a file."""
    is_closed = office.is_active and not form.is_active.data
    if not is_closed and not is_elsewhere(office, form):
        return []
    number = len(ahead(session, reach=Reach(office_id=office.id), now=request.now))
    if not number:
        return []
    field = form.is_active if is_closed else form.address_fa
    why: Text = _("{n} people hold turns there. On the page of the office you say what becomes of them.", n=number)
    return [LineFault(column=field.title, why=why, link=f"/offices/{office.id}")]
