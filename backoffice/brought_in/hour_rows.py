"""The rows of a sheet of hours: how one is written, and read back as hours of a queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from litestar.datastructures import MultiDict
from wtforms import Form

from backoffice.brought_in.cells import cell_of, faults_of_cells, faults_of_fields, key_of_option, plain, typed_cells
from backoffice.brought_in.columns import TableLine
from backoffice.brought_in.difference import LineFault
from backoffice.capacity.wording import DATES
from backoffice.forms.choices import Pick
from backoffice.forms.fields import TextLine, field_named
from backoffice.forms.numbers import Day, Number, TimeOfDay
from backoffice.web.http import PageRequest
from desk.capacity.many_queues import QueueThere
from desk.capacity.rows import RuleRow
from desk.capacity.weeks import DAYS_OF_A_WEEK
from desk.language import vocabulary
from desk.language.text import Text, words
from desk.offices.rows import OfficeRow
from desk.reading.folding import persian_letters

_ = words("brought_in")
_capacity = words("capacity")


class HourRowForm(Form):
    """One range of hours of a queue; without days it holds from today on."""

    code = TextLine(_("Code of the office"), longest=16, is_ltr=True)
    queue = TextLine(_("Queue"), longest=120)
    weekday = Pick(
        _("Weekday"), options=[(str(number), vocabulary.weekday(number)) for number in range(DAYS_OF_A_WEEK)]
    )
    opens = TimeOfDay(_capacity("From"))
    closes = TimeOfDay(_capacity("To"))
    counters = Number(_capacity("Counters"), least=1, most=200)
    minutes = Number(_capacity("Minutes for each person"), least=1, most=480)
    valid_from = Day(_capacity("Valid from"), required=False)
    valid_to = Day(_capacity("Valid to"), required=False)


FIELDS: tuple[str, ...] = tuple(HourRowForm()._fields)
"""The columns, in their order."""
HOURS: tuple[str, ...] = FIELDS[2:]
"""The columns that say the hours: where all of them are empty, the row says nothing."""


def titles() -> dict[str, Text]:
    """The titles of the columns."""
    form = HourRowForm()
    return {name: field_named(form, name).title for name in FIELDS}


@dataclass(slots=True, kw_only=True)
class HourRow:
    """A line of the file with the queue that it names and its hours; None = they cannot be read."""

    line: TableLine
    office: OfficeRow | None
    queue: QueueThere | None
    hours: RuleRow | None = None
    faults: list[LineFault] = field(default_factory=list)

    @property
    def says_nothing(self) -> bool:
        """Whether it names a queue and no hours, as the sheet does for a queue without any."""
        return not any(self.line.cells[name] for name in HOURS)


def cells_of(request: PageRequest, queue: QueueThere, rule: RuleRow | None) -> list[str]:
    """The row of a rule, or of a queue without any."""
    data = {"code": queue.office_code, "queue": plain(request, queue.name)}
    if rule is not None:
        hours = {"opens": rule.opens, "closes": rule.closes, "counters": rule.counters}
        days = {"valid_from": rule.valid_from, "valid_to": rule.valid_to}
        data |= {"weekday": str(rule.weekday), **hours, "minutes": rule.minutes_per_person, **days}  # type: ignore[dict-item]
    form = HourRowForm(data=data)
    return [cell_of(request, field_named(form, name)) for name in FIELDS]


def read_hours(request: PageRequest, row: HourRow, *, today: date) -> None:
    """Read the hours of a row whose queue was found; what cannot be read is among its faults."""
    row.faults += faults_of_cells(row.line, titles())
    form = HourRowForm(formdata=None)
    form.process(_sent(request, typed_cells(row.line, form, FIELDS)))
    form.validate()
    row.faults += faults_of_fields(row.line, form, FIELDS)
    first, last = form.valid_from.data or today, form.valid_to.data
    if last is not None and last < first:
        row.faults.append(LineFault(column=form.valid_to.title, why=DATES["valid_to"]))
    if row.faults or row.queue is None:
        return
    row.hours = RuleRow(
        id=row.line.number,
        queue_id=row.queue.id,
        weekday=int(form.weekday.data),
        opens=form.opens.data,
        closes=form.closes.data,
        minutes_per_person=form.minutes.data,
        counters=form.counters.data,
        valid_from=first,
        valid_to=last,
    )


def _sent(request: PageRequest, cells: Mapping[str, str]) -> MultiDict[str]:
    options = HourRowForm().weekday.options
    sent = {name: persian_letters(cells[name]) for name in FIELDS}
    return MultiDict([*(sent | {"weekday": key_of_option(request, options, sent["weekday"])}).items()])


def faults_of_ranges(rows: Sequence[HourRow]) -> None:
    """Say at each row of a queue when its hours cannot hold by themselves."""
    form = HourRowForm()
    for row in rows:
        hours = row.hours
        if hours is None:
            continue
        if hours.opens >= hours.closes:
            why = _capacity("The office has to open before it closes.")
            row.faults.append(LineFault(column=form.closes.title, why=why))
        elif hours.minutes_per_person > hours.closes - hours.opens:
            why = _capacity("One person needs more time than the office is open.")
            row.faults.append(LineFault(column=form.minutes.title, why=why))
