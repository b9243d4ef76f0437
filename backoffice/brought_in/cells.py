"""What the sheets of all kinds share: their headings, the cells of a form, and reading them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wtforms import Form

from backoffice.brought_in.columns import TableLine
from backoffice.brought_in.difference import LineFault
from backoffice.brought_in.stored_times import typed_day, typed_time
from backoffice.forms.choices import Option, Pick, Tick
from backoffice.forms.fields import BaseField, field_named
from backoffice.forms.numbers import Day, TimeOfDay
from backoffice.web.http import PageRequest
from desk.language.text import Locale, Param, Text, words
from desk.reading.folding import clean, joined, strip_bidi

_ = words("brought_in")

COMPUTED = _("A formula stands in this cell. Please write its value there.")
MERGED = _("Cells are merged in this row. Please take the merging away.")
MADE_A_NUMBER = _("The spreadsheet made a number of it. Please let the cell be text, and write it anew.")
YES_OR_NO = _("Please write yes or no.")
LONGEST_SHOWN = 120
"""The most letters of a text of the file by which the page names a row; no name of a thing is longer."""


class TruthForm(Form):
    """One answer of yes or no, for its words."""

    is_so = Tick(YES_OR_NO)


class TooManyToTake(Exception):
    """There is more than a sheet has rows; `number` is how many rows it would need."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def plain(request: PageRequest, shown: Param, locale: Locale | None = None) -> str:
    """A text as it stands in a cell, in the language of the person unless another is given."""
    return strip_bidi(request.language.plain(shown, locale or request.locale))


def headings_of(request: PageRequest, titles: Mapping[str, Param]) -> dict[str, list[str]]:
    """The titles that each column may have, the one in the language of this person first."""
    order = sorted(Locale, key=lambda locale: locale is not request.locale)
    return {key: [plain(request, title, locale) for locale in order] for key, title in titles.items()}


def cell_of(request: PageRequest, field: BaseField) -> str:
    """The value of a field as it stands in a cell."""
    if isinstance(field, Pick | Tick):
        said = field.said(field.data)
        return "" if said is None else plain(request, said)
    return "" if field.data is None else field.write(field.data)


def truth(request: PageRequest, text: str) -> bool | None:
    """Yes or no in either language or as a spreadsheet writes it; None = neither."""
    tick = TruthForm().is_so
    for answer, also in ((True, {"true", "1"}), (False, {"false", "0"})):
        said = tick.said(answer)
        known = {joined(plain(request, said, locale)) for locale in Locale} if said is not None else set()
        if joined(text) in known | also:
            return answer
    return None


def key_of_option(request: PageRequest, options: Iterable[Option], text: str) -> str:
    """The key of the option that a cell names in either language; the text itself where it names none."""
    wanted = joined(text)
    for key, label in options:
        if wanted in {joined(key), *(joined(plain(request, label, locale)) for locale in Locale)}:
            return key
    return text


def shown_name(text: str) -> str:
    """A text of the file, as the page names a row by it: without what turns the words around it, and not endless."""
    tidy = clean(text)
    return tidy if len(tidy) <= LONGEST_SHOWN else f"{tidy[:LONGEST_SHOWN]}…"


def faults_of_cells(line: TableLine, titles: Mapping[str, Text]) -> list[LineFault]:
    """Formulas and merged cells of a line."""
    found = [LineFault(column=titles[name], why=COMPUTED) for name in sorted(line.computed)]
    return [*found, LineFault(column=None, why=MERGED)] if line.is_merged else found


def faults_of_fields(line: TableLine, form: Form, names: Sequence[str]) -> list[LineFault]:
    """Why the fields of a form cannot be read for a line, or mean another day or time than the spreadsheet shows."""
    found = []
    for name in names:
        entry = field_named(form, name)
        reasons = [MADE_A_NUMBER] if _is_made_a_number(line, entry, name) else entry.reasons
        found += [LineFault(column=entry.title, why=reason) for reason in reasons]
    return found


def typed_cells(line: TableLine, form: Form, names: Sequence[str]) -> dict[str, str]:
    """The cells as people type them, also where the spreadsheet keeps a time or a day of its own as a number."""
    return {name: _typed(line, field_named(form, name), name) for name in names}


def _typed(line: TableLine, entry: BaseField, name: str) -> str:
    text = line.cells[name]
    if name not in line.numbers:
        return text
    if isinstance(entry, TimeOfDay):
        return typed_time(text)
    return typed_day(text) if isinstance(entry, Day) and not line.is_since_1904 else text


def _is_made_a_number(line: TableLine, entry: BaseField, name: str) -> bool:
    """Whether a number of the spreadsheet is neither a day nor a time of its own, or one that may be either.

    24:00 is 1 for it, as is one o'clock, it drops a nought at the end (it takes 12.10 for 12.1), and may count its
    days since 1904.
    """
    text = line.cells[name]
    if name not in line.numbers or _typed(line, entry, name) != text:
        return False
    if isinstance(entry, TimeOfDay):
        return "." in text or text == "1"
    return isinstance(entry, Day) and len(text) != len("14050830")
