"""The pages of offices: a list with a search, and the form of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backoffice.access import province_node, require_within
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.consequences.wording import CHANGES
from backoffice.forms.days import today_at
from backoffice.forms.fields import TwoLanguages, field_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.layout.badge import Badge
from backoffice.layout.paging import SelectFilter, one_of, page_asked_for, page_of
from backoffice.offices.forms import OfficeForm
from backoffice.offices.in_reach import office_in_reach
from backoffice.offices.saving import is_elsewhere, is_whole, save_form
from backoffice.offices.wording import OFFICE_KINDS
from backoffice.offices.wording import STATES as STATES_OF_SERVICES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.calendar import TEHRAN
from desk.capacity import status_queries as statuses
from desk.capacity.status_queries import TermOver
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import inline, words
from desk.offices import finding, queries
from desk.offices.refusals import ChangedFromAbove, OfficeCodeTaken
from desk.offices.rows import OfficeRow
from desk.offices.rules import FROM_ABOVE, OfficeKind, decides_about
from desk.organisation import NATION, province
from desk.rosters.telling import RosterWaits, roster_waits
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession

_ = words("offices")

PAGE_SIZE = 50
IN_USE, OUT_OF_USE = "in", "out"
FIELDS_OF = {"code": "code", "kind": "kind", "province_code": "province", "is_active": "is_active"}
"""The form's fields for the values that are changed from above."""
FROM_THE_DIRECTORATE = _("Only the directorate of the province changes this: it decides about the office.")
FROM_THE_NATION = _("Only the administrator of the country changes this: it decides who handles complaints.")
KINDS_OF_THE_NATION = _("Only the administrator of the country makes an office a desk of the directorate.")
STATES = ((IN_USE, _("In use")), (OUT_OF_USE, _("Out of use")))


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The list page by page, searched by name, city, province, code or address."""
    provinces = queries.provinces(session)
    within = [row for row in provinces if request.scope.covers(province(row.code))]
    kinds = {each.value: each for each in OfficeKind}
    query = {
        "q": request.query_text("q")[:80],
        "province": one_of(request, "province", (row.code for row in within)),
        "kind": one_of(request, "kind", kinds),
        "state": one_of(request, "state", (IN_USE, OUT_OF_USE)),
    }
    asked = {name: value for name, value in query.items() if value}

    def find(page: int) -> finding.FoundOffices:
        return finding.find(
            session,
            scope=request.scope,
            provinces=provinces,
            words=query["q"],
            province_code=query["province"] or None,
            kind=kinds.get(query["kind"]),
            is_active=query["state"] == IN_USE if query["state"] else None,
            limit=PAGE_SIZE,
            skip=(page - 1) * PAGE_SIZE,
        )

    found, pages = page_of(find, "/offices", query=asked, number=page_asked_for(request), size=PAGE_SIZE)
    values = {
        "rows": [(row, OFFICE_KINDS[row.kind]) for row in found.rows],
        "total": found.total,
        "pages": pages,
        "q": query["q"],
        "asked": asked,
        "filters": [
            SelectFilter("province", _("Province"), [(row.code, row.name) for row in within], query["province"]),
            SelectFilter(
                "kind", _("Kind of office"), [(key, OFFICE_KINDS[kind]) for key, kind in kinds.items()], query["kind"]
            ),
            SelectFilter("state", _("In use or not"), STATES, query["state"]),
        ],
        "may_create": may_create(request),
        "may_write": bool(request.staff.scope(Permission.OFFICES_WRITE)),
        "terms": _terms(session, request),
    }
    return Render(template="offices/page.html", values=values)


def _terms(session: ReadSession, request: PageRequest) -> list[tuple[TermOver, Badge]]:
    """What the directorate meant to look at again by a day that is past; for others nothing."""
    if not may_create(request):
        return []
    scope = request.staff.scope(Permission.OFFICES_WRITE)
    found = statuses.terms_over(session, scope=scope, today=today_at(request.now, zone=TEHRAN).date)
    return [(each, STATES_OF_SERVICES[each.state]) for each in found]


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """An office with everything that is known, and its form for those who may change it."""
    office = office_in_reach(session, request)
    form = OfficeForm(data=office_data(office))
    offer_provinces(session, form)
    _fix(request, form, office)
    is_manager = request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node)
    today = today_at(request.now, zone=office.zone).date
    roster = roster_waits(session, office_id=office.id, today=today) if is_manager else None
    return _page(request, form=form, office=office, status=200, roster=roster)


def new(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for a new office; only who answers for a province or the country makes one."""
    if not may_create(request):
        raise OutOfReach
    form = OfficeForm(data={"is_active": True})
    offer_provinces(session, form)
    return _page(request, form=form, office=None, status=200)


async def create(request: PageRequest, backend: Backend) -> PageResponse:
    """Make an office in a province within reach."""
    return await _save(request, backend, office=None)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Change an office within reach."""
    return await _save(request, backend, office=await backend.read(office_in_reach, request))


async def _save(request: PageRequest, backend: Backend, *, office: OfficeRow | None) -> PageResponse:
    form = OfficeForm(formdata=None)
    await backend.read(offer_provinces, form)
    form.process(request.form)
    if office is not None:
        _fix(request, form, office)
    if not is_whole(form):
        return _page(request, form=form, office=office, status=422)

    def act(session: WriteSession) -> int:
        if office is not None:
            form.require_unchanged(
                session,
                subject=f"office:{office.id}",
                present=lambda: OfficeForm(data=office_data(office_in_reach(session, request))),
            )
            office_in_reach(session, request)
        if office is None or office.province_code != form.province.data:
            # An office may only move to a place where the actor could also create it.
            require_within(request.scope, province_node(form.province.data))
        return save_form(session, form, office=office, actor=request.actor, now=request.now)

    try:
        if office is None:
            return Redirect(to=f"/offices/{await backend.write(act)}", notice="saved")
        return await _through_the_sheet(request, backend, act, office=office, form=form)
    except OfficeCodeTaken as refusal:
        form.code.add_error(refused(refusal))
        return _page(request, form=form, office=office, status=422)
    except ChangedFromAbove as refusal:
        field_named(form, FIELDS_OF[refusal.field]).add_error(refused(refusal))
        return _page(request, form=form, office=office, status=403)
    except ChangedMeanwhile:
        return _page(request, form=form, office=office, status=409)


async def _through_the_sheet(
    request: PageRequest, backend: Backend, act: Callable[[WriteSession], int], *, office: OfficeRow, form: OfficeForm
) -> PageResponse:
    """An office that is deactivated affects all its appointments; at a new address, everybody has to be told."""
    kind = ChangeKind.ADDRESS if form.is_active.data and is_elsewhere(office, form) else ChangeKind.OFFICE
    intended = IntendedChange(
        kind=kind,
        subject=f"office:{office.id}",
        reach=Reach(office_id=office.id),
        act=act,
        detail={"office": office.id},
    )
    back = f"/offices/{office.id}"
    done = await ask_first(request, backend, intended, title=inline(office.name, CHANGES[kind]), back=back)
    return done.redirect(back) if isinstance(done, MadeChange) else done


def _fix(request: PageRequest, form: OfficeForm, office: OfficeRow) -> None:
    """Show what decides about the office without a field to write in, to who does not stand above it.

    The action asks again: what a form sends all the same is refused there.
    """
    may = request.staff.scope(Permission.OFFICES_WRITE)
    present = office_data(office)
    for field in FROM_ABOVE:
        name = FIELDS_OF[field]
        above = decides_about(field, at=office.node, old=getattr(office, field), new=None)
        if not may.covers(above):
            field_named(form, name).fix(present[name], why=FROM_THE_NATION if above == NATION else FROM_THE_DIRECTORATE)
        elif field == "kind" and not may.is_national:
            desk = OfficeKind.DIRECTORATE
            form.kind.options = [each for each in form.kind.options if each[0] != desk]
            form.kind.hint = KINDS_OF_THE_NATION


def offer_provinces(session: ReadSession, form: OfficeForm) -> None:
    """Let the form offer all provinces."""
    form.province.options = [(row.code, row.name) for row in queries.provinces(session)]


def may_create(request: PageRequest) -> bool:
    """Whether the person answers for a province or the country."""
    scope = request.staff.scope(Permission.OFFICES_WRITE)
    return scope.is_national or bool(scope.provinces)


def office_data(office: OfficeRow) -> dict[str, Any]:
    """The present values of an office, by the fields of its form."""
    data: dict[str, Any] = {
        "code": office.code,
        "kind": office.kind.value,
        "province": office.province_code,
        "latitude": office.point.latitude if office.point else None,
        "longitude": office.point.longitude if office.point else None,
        "phone": office.phone.e164 if office.phone else None,
        "is_active": office.is_active,
    }
    for name in ("city", "name", "address"):
        data |= TwoLanguages.values(name, getattr(office, name))
    return data


def _page(
    request: PageRequest,
    *,
    form: OfficeForm,
    office: OfficeRow | None,
    status: int,
    roster: RosterWaits | None = None,
) -> PageResponse:
    scope = request.staff.scope(Permission.OFFICES_WRITE)
    may_write = office is None or scope.covers(office.node)
    kind = OFFICE_KINDS[office.kind] if office else None
    values = {"form": form, "office": office, "may_write": may_write, "kind": kind, "roster": roster}
    return Render(template="offices/office.html", values=values, status=status)
