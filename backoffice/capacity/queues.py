"""The grid of an office's coming days, booked and free, and the pages of its queues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.capacity.forms import QueueForm
from backoffice.capacity.saying import said_differing, said_horizon
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.consequences.wording import CHANGES
from backoffice.forms.days import read_date, today_at
from backoffice.forms.fields import TwoLanguages
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.offices.in_reach import choice_for, office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.acting import OutOfReach
from desk.capacity import actions
from desk.capacity import queries as capacity
from desk.capacity.horizons import horizons_of
from desk.capacity.rows import QueueRow
from desk.catalogue import queries as catalogue
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import Localised, Param, Text, inline, series, words
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.places import queries as places
from desk.places.rows import GridCell
from desk.rosters.queries import unkept_days
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession

_ = words("capacity")

DAYS = 14
FULL = 0.85
"""The share of taken places from which a day is called nearly full."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One queue on one day, with a word for how full it is."""

    cell: GridCell
    word: Text
    tone: str
    percent: int
    differs: Param | None = None
    """The hours or counters of a day on which part of the usual ones is closed, or which differ otherwise."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day with a cell for each queue."""

    day: date
    is_today: bool
    holiday: Localised | None
    cells: tuple[Cell, ...]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The grid of two weeks."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        return Render(template="capacity/page.html", values={"choice": choice, "tab": "days"})
    office = choice.current
    today = today_at(request.now, zone=office.zone).date
    first = max(read_date(request.query_text("day")) or today, today - timedelta(days=365))
    cells = places.grid(session, office_id=office.id, from_day=first, days=DAYS)
    queues = {cell.queue_id: cell.queue_name for cell in cells}
    values = {
        "choice": choice,
        "office": office,
        "tab": "days",
        "queues": queues,
        "days": _by_day(cells, today=today),
        "first": first,
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "is_from_today": first == today,
        "unkept": unkept_days(session, scope=Scope.of(office.node), today=today) if may_write(request, office) else (),
    }
    return Render(template="capacity/page.html", values=values, remember=choice.remember)


def queues(session: ReadSession, request: PageRequest) -> PageResponse:
    """The queues of an office with their services."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        return Render(template="capacity/queues.html", values={"choice": choice, "tab": "queues"})
    rows = capacity.queues_of(session, office_id=choice.current.id)
    horizons = horizons_of(session, office_id=choice.current.id)
    titles = {row.service_id: row.title for row in horizons}
    values = {
        "choice": choice,
        "office": choice.current,
        "tab": "queues",
        "queues": [
            (row, [titles[each] for each in row.service_ids if each in titles], one_for_all(row)) for row in rows
        ],
        "horizons": [(row, said_horizon(row.days_ahead, row.opens_at)) for row in horizons],
        "may_write": may_write(request, choice.current),
    }
    return Render(template="capacity/queues.html", values=values, remember=choice.remember)


def new_queue(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for a new queue."""
    form = QueueForm(data={"is_active": True})
    return queue_form(session, request, form=form, queue=None)


async def save_new_queue(request: PageRequest, backend: Backend) -> PageResponse:
    """Make a queue."""
    return await save_queue(request, backend, queue_id=None)


async def save_queue(request: PageRequest, backend: Backend, *, queue_id: int | None) -> PageResponse:
    """Save a queue; its slots follow at once, and affected appointments are shown first."""
    form = QueueForm(formdata=None)
    await backend.read(offer_services, form)
    form.process(request.form)
    if not form.validate():
        return await backend.read(queue_form, request, form=form, queue=queue_id, status=422)

    def act(session: WriteSession) -> int:
        office = office_in_reach(session, request)
        if queue_id is not None:
            form.require_unchanged(
                session, subject=f"queue:{queue_id}", present=lambda: form_of(queue_in_reach(session, request)[1])
            )
        return actions.save_queue(
            session,
            queue_id=queue_id,
            office_id=office.id,
            name=TwoLanguages.read(form, "name"),
            service_ids=[int(key) for key in form.services.data],
            is_active=form.is_active.data,
            actor=request.actor,
            now=request.now,
        )

    queues = f"/capacity/{request.path['office']}/queues"
    if queue_id is None:
        return Redirect(to=f"{queues}/{await backend.write(act)}", notice="saved")
    intended = IntendedChange(
        kind=ChangeKind.QUEUE, subject=f"queue:{queue_id}", reach=Reach(queue_id=queue_id), act=act
    )
    title = inline(TwoLanguages.read(form, "name"), CHANGES[ChangeKind.QUEUE])
    try:
        done = await ask_first(request, backend, intended, title=title, back=f"{queues}/{queue_id}")
    except ChangedMeanwhile:
        return await backend.read(queue_form, request, form=form, queue=queue_id, status=409)
    return done.redirect(f"{queues}/{queue_id}") if isinstance(done, MadeChange) else done


def form_of(queue: QueueRow) -> QueueForm:
    """The form with the present values of a queue."""
    return QueueForm(
        data={
            **TwoLanguages.values("name", queue.name),
            "services": [str(each) for each in queue.service_ids],
            "is_active": queue.is_active,
        }
    )


def queue_form(
    session: ReadSession,
    request: PageRequest,
    *,
    form: QueueForm,
    queue: int | None,
    office: OfficeRow | None = None,
    status: int = 200,
) -> PageResponse:
    """The page of the form; `office` if it is known already."""
    office = office or office_in_reach(session, request)
    if not form.services.options:
        offer_services(session, form)
    values = {"form": form, "office": office, "queue": queue}
    return Render(template="capacity/queue_form.html", values=values, status=status)


def offer_services(session: ReadSession, form: QueueForm) -> None:
    """Offer all bookable services, unpublished ones too, so that their hours can be prepared."""
    bookable = catalogue.services(session, bookable_only=True, published_only=False)
    form.services.options = [(str(each.id), each.title) for each in bookable]


def queue_in_reach(session: ReadSession | WriteSession, request: PageRequest) -> tuple[OfficeRow, QueueRow]:
    """The queue of the address with its office; raises OutOfReach outside of the scope."""
    office = office_in_reach(session, request)
    found = [row for row in capacity.queues_of(session, office_id=office.id) if row.id == request.path["queue"]]
    if not found:
        raise OutOfReach
    return office, found[0]


def may_write(request: PageRequest, office: OfficeRow) -> bool:
    """Whether the person may change the hours of this office."""
    scope = request.staff.scope(Permission.CAPACITY_WRITE)
    return scope.covers(office.node)


def _by_day(cells: Sequence[GridCell], *, today: date) -> list[DayLine]:
    lines: dict[date, list[GridCell]] = {}
    for cell in cells:
        lines.setdefault(cell.day, []).append(cell)
    return [
        DayLine(
            day=day,
            is_today=day == today,
            holiday=next((cell.holiday for cell in of_day if cell.holiday), None),
            cells=tuple(_cell(cell) for cell in of_day),
        )
        for day, of_day in sorted(lines.items())
    ]


def _cell(cell: GridCell) -> Cell:
    taken = cell.booked + cell.held + cell.resting + cell.apart
    percent = round(100 * taken / cell.capacity) if cell.capacity else 0
    if cell.is_closed:
        return Cell(cell, _("Closed"), "calm", percent)
    differs = _differing(cell)
    if cell.free == 0:
        return Cell(cell, _("Full"), "bad", percent, differs)
    if taken >= FULL * cell.capacity:
        return Cell(cell, _("Nearly full"), "warn", percent, differs)
    return Cell(cell, _("Has places"), "good", percent, differs)


def _differing(cell: GridCell) -> Param | None:
    if cell.hours:
        return _("On this day: {hours}", hours=series(*map(said_differing, cell.hours)))
    return None if cell.counters is None else _("On this day: {hours}", hours=_("{n} counters", n=cell.counters))


def one_for_all(queue: QueueRow) -> Param | None:
    """That a household takes one place for some services of the queue; None where it does for none."""
    titles = queue.per_household
    return _("One place for a whole household: {services}", services=series(*titles)) if titles else None
