"""Weekly hours in a workbook: the sheet that is filled with what stands, its difference to it, and saving all of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from backoffice.brought_in.cells import TooManyToTake, plain, shown_name
from backoffice.brought_in.chosen import ChosenOffices
from backoffice.brought_in.columns import TableLine
from backoffice.brought_in.difference import Difference, DifferenceLine, LineFault, LookedAt, LooksOtherwise
from backoffice.brought_in.hour_rows import HourRow, HourRowForm, cells_of, faults_of_ranges, read_hours
from backoffice.brought_in.said_weeks import said_changes
from backoffice.brought_in.sheets import MOST_ROWS
from backoffice.capacity.wording import DOUBTS
from backoffice.forms.days import today_at
from backoffice.offices.saving import code_of
from backoffice.web.http import PageRequest
from backoffice.wording import refused
from desk.acting import Permission
from desk.capacity import approval
from desk.capacity.dated_weeks import OtherWeek, meeting, other_weeks
from desk.capacity.many_queues import QueueThere, queues_of_offices, rules_by_queue
from desk.capacity.refusals import HoursNeedApproval
from desk.capacity.rows import RuleRow
from desk.capacity.saving_weeks import set_week
from desk.capacity.standing_rules import keep_queue
from desk.consequences.hit import Reach, before, newly
from desk.language.text import Locale, Text, inline, words
from desk.offices import queries
from desk.offices.rows import OfficeRow
from desk.reading.folding import ascii_digits, joined
from desk.storage.base import ReadSession, WriteSession

_ = words("brought_in")

MOST_QUEUES = 60
"""The most queues whose hours one file changes, as on the page of a week: the days ahead of each are made anew."""


@dataclass(frozen=True, slots=True)
class QueueToSave:
    """A queue of the file with the weeks that become others; no queue = a row that names none."""

    office: OfficeRow | None
    queue: QueueThere | None
    weeks: Sequence[OtherWeek] = ()


HoursDifference = Difference[QueueToSave]


def standing(session: ReadSession, request: PageRequest, *, chosen: ChosenOffices) -> list[list[str]]:
    """The rows of the sheet that is filled with the hours of the chosen offices that hold today or later.

    Raises TooManyToTake.
    """
    offices = {office.id: office for office in chosen.found(session, request)}
    queues = queues_of_offices(session, office_ids=list(offices))
    rules = rules_by_queue(session, queue_ids=[queue.id for queue in queues])
    rows: list[list[str]] = []
    for queue in queues:
        today = today_at(request.now, zone=offices[queue.office_id].zone).date
        holding = [rule for rule in rules.get(queue.id, ()) if rule.valid_to is None or rule.valid_to >= today]
        ordered: list[RuleRow | None] = [*sorted(holding, key=lambda each: (each.valid_from, each.weekday, each.opens))]
        rows += [cells_of(request, queue, rule) for rule in ordered or [None]]
    if len(rows) > MOST_ROWS:
        raise TooManyToTake(len(rows))
    return rows


def look(session: WriteSession, request: PageRequest, lines: Sequence[TableLine]) -> NoReturn:
    """Make what the lines say and raise LookedAt, by which the transaction is taken back."""
    found = _compared(session, request, lines)
    _make(session, request, found)
    raise LookedAt(found)


def bring_in(session: WriteSession, request: PageRequest, lines: Sequence[TableLine], *, seen: str) -> int:
    """Save all lines, and return the number of queues whose hours became others.

    Raises LooksOtherwise, with nothing saved, where this would do anything but what the page with the sign `seen`
    showed.
    """
    for queue_id in sorted(
        line.thing.queue.id for line in _compared(session, request, lines).to_save if line.thing.queue
    ):
        keep_queue(session, queue_id)
    found = _compared(session, request, lines)
    _make(session, request, found)
    if found.sign != seen or not found.can_be_done:
        raise LooksOtherwise(found)
    return len(found.to_save)


def _compared(session: ReadSession | WriteSession, request: PageRequest, lines: Sequence[TableLine]) -> HoursDifference:
    """What the lines would change, without a look at the people whom it hits."""
    rows = _rows(session, request, lines)
    by_queue: defaultdict[int, list[HourRow]] = defaultdict(list)
    for row in rows:
        if row.queue is not None and not row.says_nothing:
            by_queue[row.queue.id].append(row)
    for these in by_queue.values():
        faults_of_ranges(these)
        _name_meeting(these)
    rules = rules_by_queue(session, queue_ids=list(by_queue))
    found = [_of_row(row) for row in rows if row.faults]
    for queue_id, these in by_queue.items():
        if not any(row.faults for row in these):
            found.append(_of_queue(session, request, these, standing=rules.get(queue_id, [])))
    changed = [line for line in found if line.changes]
    for line in changed[MOST_QUEUES:]:
        why = _(
            "A file changes the hours of {n} queues at most. Please send the others in another file.", n=MOST_QUEUES
        )
        line.faults.append(LineFault(column=None, why=why))
    return Difference(sorted(found, key=lambda line: line.number))


def _rows(session: ReadSession | WriteSession, request: PageRequest, lines: Sequence[TableLine]) -> list[HourRow]:
    """The rows with their offices and queues; who may not change the hours of an office learns nothing of it."""
    form = HourRowForm()
    written = {each for line in lines for each in (code_of(line.cells["code"]), ascii_digits(line.cells["code"]))}
    offices = {code_of(code): row for code, row in queries.offices_by_code(session, codes=written).items()}
    offices = {code: office for code, office in offices.items() if request.scope.covers(office.node)}
    queues: defaultdict[int, list[QueueThere]] = defaultdict(list)
    for queue in queues_of_offices(session, office_ids=[office.id for office in offices.values()]):
        queues[queue.office_id].append(queue)
    rows = []
    for line in lines:
        office = offices.get(code_of(line.cells["code"]))
        named = _named(request, queues[office.id], line.cells["queue"]) if office is not None else []
        row = HourRow(line=line, office=office, queue=named[0] if len(named) == 1 else None)
        if office is None:
            row.faults.append(LineFault(column=form.code.title, why=_("None of your offices has this code.")))
        elif not named:
            why, link = _("This office has no queue of this name in use."), f"/capacity/queues?office={office.id}"
            row.faults.append(LineFault(column=form.queue.title, why=why, link=link))
        elif len(named) > 1:
            why = _("Two queues of this office have this name. Please change their hours on their pages.")
            link = f"/capacity/queues?office={office.id}"
            row.faults.append(LineFault(column=form.queue.title, why=why, link=link))
        elif not row.says_nothing:
            read_hours(request, row, today=today_at(request.now, zone=office.zone).date)
        rows.append(row)
    return rows


def _named(request: PageRequest, queues: Sequence[QueueThere], text: str) -> list[QueueThere]:
    wanted = joined(text)
    return [queue for queue in queues if wanted in {joined(plain(request, queue.name, locale)) for locale in Locale}]


def _name_meeting(rows: Sequence[HourRow]) -> None:
    """Say at both of two rows whose hours overlap which the other is."""
    by_number = {row.hours.id: row for row in rows if row.hours is not None}
    for one, other in meeting([row.hours for row in by_number.values() if row.hours is not None]):
        for mine, theirs in ((one, other), (other, one)):
            why = _("These hours overlap those of row {n}.", n=theirs.id)
            by_number[mine.id].faults.append(LineFault(column=HourRowForm().opens.title, why=why))


def _of_row(row: HourRow) -> DifferenceLine[QueueToSave]:
    """A row that cannot be brought in."""
    return DifferenceLine(
        number=row.line.number,
        name=shown_name(row.line.cells["queue"]),
        code=shown_name(row.line.cells["code"]),
        thing=QueueToSave(row.office, row.queue),
        is_new=False,
        faults=list(row.faults),
    )


def _of_queue(
    session: ReadSession | WriteSession, request: PageRequest, rows: Sequence[HourRow], *, standing: Sequence[RuleRow]
) -> DifferenceLine[QueueToSave]:
    """What becomes of the hours of a queue, all of whose rows can be read."""
    office, queue = rows[0].office, rows[0].queue
    assert office is not None and queue is not None  # noqa: S101, PT018  # rows without them have a fault
    hours = [row.hours for row in rows if row.hours is not None]
    weeks = other_weeks(standing, hours, today=today_at(request.now, zone=office.zone).date)
    line = DifferenceLine(
        number=rows[0].line.number,
        name=inline(queue.name, office.name),
        code=office.code,
        thing=QueueToSave(office, queue, weeks),
        is_new=False,
        changes=said_changes(weeks, queue_id=queue.id),
    )
    at = f"/capacity/{office.id}/queues/{queue.id}"
    if weeks and _needs_approval(session, request, office):
        why = refused(HoursNeedApproval(office_id=office.id))
        line.faults.append(LineFault(column=None, why=why, link=f"{at}/worksheet"))
    doubts = dict.fromkeys(doubt for week in weeks for each in week.doubts.values() for doubt in each)
    for doubt in doubts:
        line.faults.append(LineFault(column=None, why=DOUBTS[doubt]))
    if doubts:
        why = _("If it is meant, please save these hours on the page of the queue.")
        line.faults.append(LineFault(column=None, why=why, link=f"{at}/week"))
    return line


def _needs_approval(session: ReadSession | WriteSession, request: PageRequest, office: OfficeRow) -> bool:
    is_above = request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node.area)
    return not is_above and approval.is_needed(session, at=office.node)


def _make(session: WriteSession, request: PageRequest, found: HoursDifference) -> None:
    """Let the weeks of all lines without a fault hold, and add to each line whom that hits."""
    things: Mapping[int, DifferenceLine[QueueToSave]] = {
        line.thing.queue.id: line for line in found.to_save if line.thing.queue is not None
    }
    if not things:
        return
    first, *others = sorted(things)
    reach = Reach(queue_id=first, queue_ids=tuple(others))
    was = before(session, reach=reach, now=request.now)
    for queue_id in sorted(things):
        for week in things[queue_id].thing.weeks:
            set_week(
                session,
                queue_ids=[queue_id],
                week=week.after,
                from_day=week.first,
                to_day=week.last,
                goes_back=True,
                is_sure=True,  # doubts are faults of their rows
                actor=request.actor,
                now=request.now,
            )
    session.flush()
    hit = Counter(appointment.queue_id for appointment in newly(session, was=was, reach=reach, now=request.now))
    for queue_id, number in hit.items():
        line = things[queue_id]
        why: Text = _(
            "{n} people would lose their turn. On the page of the queue you say what becomes of them.", n=number
        )
        link = f"/capacity/{line.thing.office.id if line.thing.office else 0}/queues/{queue_id}/week"
        line.faults.append(LineFault(column=None, why=why, link=link))
