"""The services of an office: how it stands with each, why, by which rule, and how it stood before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backoffice.access import require_within
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.forms.days import today_at
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.layout.badge import Badge
from backoffice.offices.forms import StatusForm
from backoffice.offices.in_reach import office_in_reach
from backoffice.offices.wording import BASES, STATES
from backoffice.web.http import Backend, PageRequest, PageResponse, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.capacity import actions
from desk.capacity import status_queries as statuses
from desk.capacity.refusals import DoesNotFollow, TermPassed
from desk.capacity.status_queries import OfficeServiceRow, StatusRow
from desk.capacity.status_rules import MAY_FOLLOW, GivingState, LegalBasis
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import Text, inline, words
from desk.offices.rows import OfficeRow
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment

_ = words("offices")

MARSHAL = "marshal"
"""What the address says where somebody comes from a day without a marshal: the announcement then stands as the rule."""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One state of a service with its words."""

    row: StatusRow
    badge: Badge
    basis: Text
    since: LocalMoment
    ended: LocalMoment | None
    is_over: bool
    """The day by which somebody looks at it again is past."""


@dataclass(frozen=True, slots=True)
class OfficeServiceLine:
    """A service of the office with its present state."""

    row: OfficeServiceRow
    badge: Badge
    present: StatusLine | None
    before: tuple[StatusLine, ...]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """All services of an office."""
    office = office_in_reach(session, request)
    today = today_at(request.now, zone=office.zone).date
    lines = [_line(row, office, today=today) for row in statuses.services_of(session, office_id=office.id)]
    because = f"?because={MARSHAL}" if _is_because_of_marshal(request) else ""
    values = {"office": office, "lines": lines, "may_decide": _may_decide(request, office), "because": because}
    return Render(template="offices/services.html", values=values)


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """One service of an office, with its history, and for the directorate the form for what holds from now on."""
    return _page(session, request)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Say how it stands with the service from now on; those who lose their time by it are shown first."""
    office = await backend.read(office_in_reach, request)
    require_within(request.scope, office.node.area)
    row = await backend.read(_service, request, office)
    form = _form_of(row, request.form)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)
    state = GivingState(form.state.data)

    def act(session: WriteSession) -> int:
        form.require_unchanged(
            session,
            subject=f"service_status:{office.id}:{row.service_id}",
            present=lambda: _form_of(_service(session, request, office), None),
        )
        return actions.set_status(
            session,
            office_id=office.id,
            service_id=row.service_id,
            state=state,
            basis=LegalBasis(form.basis.data),
            rule=form.rule.data or "",
            reason=form.reason.data,
            until_day=form.until_day.data,
            actor=request.actor,
            now=request.now,
        )

    intended = IntendedChange(
        kind=ChangeKind.STATUS,
        subject=f"office:{office.id}",
        reach=Reach(office_id=office.id, service_id=row.service_id),
        act=act,
        detail={"office": office.id, "service": row.service_id},
    )
    here = f"/offices/{office.id}/services/{row.service_id}"
    title = inline(office.name, row.title, STATES[state].label)
    try:
        done = await ask_first(request, backend, intended, title=title, back=here)
    except DoesNotFollow as refusal:
        form.state.add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)
    except TermPassed as refusal:
        form.until_day.add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    return done.redirect(here) if isinstance(done, MadeChange) else done


def _page(session: ReadSession, request: PageRequest, *, form: StatusForm | None = None, status: int = 200) -> Render:
    office = office_in_reach(session, request)
    row = _service(session, request, office)
    may_decide = _may_decide(request, office)
    if form is None and may_decide:
        form = _form_of(row, None)
        if _is_because_of_marshal(request) and GivingState.WARNED in MAY_FOLLOW[row.state]:
            form.state.data, form.basis.data = GivingState.WARNED.value, LegalBasis.ANNOUNCEMENT.value
    values = {
        "office": office,
        "line": _line(row, office, today=today_at(request.now, zone=office.zone).date),
        "form": form if may_decide else None,
    }
    return Render(template="offices/service.html", values=values, status=status)


def _form_of(row: OfficeServiceRow, sent: object) -> StatusForm:
    """The form with what may follow on the present state, which is its version."""
    form = StatusForm(formdata=None)
    form.state.options = [(each.value, STATES[each].label) for each in MAY_FOLLOW[row.state]]
    form.declare(
        "present",
        _("How it stands now"),
        value=str(row.present.id if row.present else 0),
        shown=STATES[row.state].label,
    )
    if sent is not None:
        form.process(sent)
    return form


def _line(row: OfficeServiceRow, office: OfficeRow, *, today: date) -> OfficeServiceLine:
    lines = [_status(each, office, today=today) for each in row.statuses]
    return OfficeServiceLine(
        row=row,
        badge=STATES[row.state],
        present=next((each for each in lines if each.ended is None), None),
        before=tuple(each for each in lines if each.ended is not None),
    )


def _status(row: StatusRow, office: OfficeRow, *, today: date) -> StatusLine:
    return StatusLine(
        row=row,
        badge=STATES[row.state],
        basis=BASES[row.basis],
        since=LocalMoment(row.from_at, office.zone),
        ended=LocalMoment(row.to_at, office.zone) if row.to_at else None,
        is_over=row.until_day is not None and row.until_day < today,
    )


def _is_because_of_marshal(request: PageRequest) -> bool:
    return request.query_text("because") == MARSHAL


def _may_decide(request: PageRequest, office: OfficeRow) -> bool:
    """Whether the person stands above the office."""
    return request.staff.scope(Permission.OFFICES_WRITE).covers(office.node.area)


def _service(session: ReadSession | WriteSession, request: PageRequest, office: OfficeRow) -> OfficeServiceRow:
    """The service of the address; raises OutOfReach where the office never gave it."""
    found = statuses.services_of(session, office_id=office.id)
    row = next((each for each in found if each.service_id == request.path["service"]), None)
    if row is None:
        raise OutOfReach
    return row
