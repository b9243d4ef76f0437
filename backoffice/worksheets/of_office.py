"""The worksheet of an office: each queue in figures, what was really served, and what became of what was stated."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.capacity.queues import may_write
from backoffice.forms.days import today_at
from backoffice.layout.badge import Badge
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import PageRequest, PageResponse, Render
from backoffice.worksheets.saying import FiguresOfWeek, ProposedMinutes, figures_of, proposal_for, said_record
from backoffice.worksheets.wording import STATES
from desk.capacity import approval
from desk.language.text import Text
from desk.storage.base import ReadSession
from desk.values import LocalMoment
from desk.worksheets.queries import measured, queues_with_weeks, worksheets_of
from desk.worksheets.rows import QueueWithWeek, WorksheetRow

MOST = 50


@dataclass(frozen=True, slots=True)
class WorksheetLine:
    """A worksheet with its words."""

    row: WorksheetRow
    badge: Badge
    figures: FiguresOfWeek
    stated: LocalMoment
    decided: LocalMoment | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue with its present figures, its record, and the worksheet that waits."""

    queue: QueueWithWeek
    figures: FiguresOfWeek
    record: list[Text]
    proposal: ProposedMinutes | None
    waits: WorksheetLine | None


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """All queues of an office, and the worksheets of the past."""
    office = office_in_reach(session, request)
    today = today_at(request.now, zone=office.zone).date
    queues = [each for each in queues_with_weeks(session, office_id=office.id, day=today) if each.is_active]
    ids = [each.id for each in queues]
    seen = measured(session, office_id=office.id, zone=office.zone, queue_ids=ids, today=today)
    lines = [line_of(row, request) for row in worksheets_of(session, office_id=office.id, limit=MOST)]
    waiting = {line.row.queue_id: line for line in reversed(lines) if line.row.awaits}
    shown = []
    for queue in queues:
        record, proposal = said_record(seen[queue.id]), proposal_for(queue.week, seen[queue.id])
        shown.append(QueueLine(queue, figures_of(queue.week), record, proposal, waiting.get(queue.id)))
    values = {
        "office": office,
        "queues": shown,
        "lines": lines,
        "needs_approval": approval.is_needed(session, at=office.node),
        "may_write": may_write(request, office),
    }
    return Render(template="worksheets/office.html", values=values)


def line_of(row: WorksheetRow, request: PageRequest) -> WorksheetLine:
    """A worksheet as lists show it."""
    return WorksheetLine(
        row=row,
        badge=STATES[row.state],
        figures=figures_of(row.week),
        stated=LocalMoment(row.stated_at, row.zone),
        decided=LocalMoment(row.decided_at, row.zone) if row.decided_at else None,
        is_late=row.is_late(request.now),
    )
