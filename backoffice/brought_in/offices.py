"""Offices in a workbook: the sheet that is filled with what stands, its difference to it, and saving all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar.datastructures import MultiDict

from backoffice.brought_in.columns import TableLine
from backoffice.brought_in.difference import ChangedValue, Difference, DifferenceLine, LineFault, LooksOtherwise
from backoffice.brought_in.sheets import MOST_ROWS
from backoffice.forms.choices import Option, Pick, Tick
from backoffice.forms.fields import BaseField, field_named
from backoffice.offices.forms import OfficeForm
from backoffice.offices.pages import FIELDS_OF, FROM_THE_DIRECTORATE, FROM_THE_NATION, office_data
from backoffice.offices.saving import code_in, code_of, is_elsewhere, is_whole, save_form
from backoffice.web.http import PageRequest
from desk.consequences.hit import Reach, ahead
from desk.language.text import Locale, Param, Text, words
from desk.offices import finding, queries
from desk.offices.codes import hold_codes
from desk.offices.rows import OfficeRow
from desk.offices.rules import FROM_ABOVE, decides_about
from desk.organisation import NATION, province
from desk.reading.folding import ascii_digits, clean, joined, persian_letters, strip_bidi
from desk.reading.phones import read_phone
from desk.storage.base import ReadSession, WriteSession
from desk.storage.locks import hold

_ = words("brought_in")

COMPUTED = _("A formula stands in this cell. Please write its value there.")
MERGED = _("Cells are merged in this row. Please take the merging away.")
YES_OR_NO = _("Please write yes or no.")
OUT_OF_REACH = _("This office does not belong to you.")
NOT_YOUR_PROVINCE = _("You do not answer for this province.")
LONGEST_SHOWN = 120
"""The most letters of a text of the file by which the page names a row; no name of an office is longer."""
FIELDS: tuple[str, ...] = tuple(OfficeForm()._fields)
"""The columns, in the order of the form."""


class TooManyOffices(Exception):
    """There are more offices than a sheet has rows; `number` is how many."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class OfficeToSave:
    """The office that a line is about, None for a new one, and the form that its cells fill."""

    office: OfficeRow | None
    form: OfficeForm


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
        return {name: self._cell(field_named(form, name)) for name in FIELDS}

    def _cell(self, field: BaseField) -> str:
        if isinstance(field, Pick | Tick):
            said = field.said(field.data)
            return "" if said is None else self.plain(said, self.request.locale)
        return "" if field.data is None else field.write(field.data)

    def plain(self, shown: Param, locale: Locale) -> str:
        """A text as it stands in a cell."""
        return strip_bidi(self.request.language.plain(shown, locale))

    def sent(self, cells: Mapping[str, str]) -> MultiDict[Any]:
        """What a browser would send for these cells; words of a list become its keys, others are sent as they are."""
        form = self.empty_form()
        pairs: list[tuple[str, str]] = []
        for name in FIELDS:
            field, text = field_named(form, name), cells[name]
            if isinstance(field, Pick):
                pairs.append((name, self._key(field.options, text)))
            elif not isinstance(field, Tick):
                pairs.append((name, text))
            elif self.truth(text):
                pairs.append((name, "1"))
        return MultiDict(pairs)

    def truth(self, text: str) -> bool | None:
        """Yes or no in either language or as a spreadsheet writes it; None = neither."""
        tick = OfficeForm().is_active
        for answer, also in ((True, {"true", "1"}), (False, {"false", "0"})):
            said = tick.said(answer)
            known = {joined(self.plain(said, locale)) for locale in Locale} if said is not None else set()
            if joined(text) in known | also:
                return answer
        return None

    def _key(self, options: Iterable[Option], text: str) -> str:
        wanted = joined(text)
        for key, label in options:
            if wanted in {joined(key), *(joined(self.plain(label, locale)) for locale in Locale)}:
                return key
        return text


def headings(request: PageRequest) -> dict[str, list[str]]:
    """The titles that each column may have, the one in the language of this person first."""
    order = sorted(Locale, key=lambda locale: locale is not request.locale)
    form = OfficeForm()
    return {
        name: [strip_bidi(request.language.plain(field_named(form, name).title, locale)) for locale in order]
        for name in FIELDS
    }


def standing(session: ReadSession, request: PageRequest, *, province_code: str | None) -> list[list[str]]:
    """The rows of the sheet that is filled with the offices within reach, those of one province where it is given.

    Raises TooManyOffices, since a sheet from which some are missing looks like a whole one.
    """
    sheet = OfficeSheet.of(session, request)
    provinces = queries.provinces(session)
    found = finding.find(
        session, scope=request.scope, provinces=provinces, province_code=province_code, limit=MOST_ROWS
    )
    if found.total > MOST_ROWS:
        raise TooManyOffices(found.total)
    return [list(sheet.written(row).values()) for row in found.rows]


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


def _shown(text: str) -> str:
    """A text of the file, as the page names a row by it: without what turns the words around it, and not endless."""
    tidy = clean(text)
    return tidy if len(tidy) <= LONGEST_SHOWN else f"{tidy[:LONGEST_SHOWN]}…"


def _line(
    session: ReadSession | WriteSession, sheet: OfficeSheet, line: TableLine, *, code: str, office: OfficeRow | None
) -> DifferenceLine[OfficeToSave]:
    request = sheet.request
    cells = {name: persian_letters(line.cells[name]) for name in FIELDS}
    form = sheet.empty_form()
    thing = OfficeToSave(office, form)
    name, code = _shown(cells["name_fa"]), _shown(code)
    found = DifferenceLine(number=line.number, name=name, code=code, thing=thing, is_new=office is None)
    if office is not None and not request.scope.covers(office.node):
        found.faults.append(LineFault(column=form.code.title, why=OUT_OF_REACH))
        return found
    found.faults += [LineFault(column=field_named(form, name).title, why=COMPUTED) for name in sorted(line.computed)]
    if line.is_merged:
        found.faults.append(LineFault(column=None, why=MERGED))
    if office is not None:
        was = sheet.written(office)
        # What differs only in the letters of the keyboard stays as it is.
        cells = {name: was[name] if text == persian_letters(was[name]) else text for name, text in cells.items()}
        if cells == was:
            return found
    form.process(sheet.sent(cells))
    if not is_whole(form):
        for name in FIELDS:
            field = field_named(form, name)
            found.faults += [LineFault(column=field.title, why=reason) for reason in field.reasons]
    if sheet.truth(cells["is_active"]) is None:
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
