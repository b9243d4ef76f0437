"""The pages of a service's fees: history with sources, a new fee, confirming and ending one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backoffice.access import require_within
from backoffice.catalogue.forms import EndFeeForm, FeeForm
from backoffice.catalogue.services import may_write
from backoffice.forms.days import today_at
from backoffice.forms.fields import TwoLanguages
from backoffice.forms.versions import MEANWHILE, ChangedMeanwhile
from backoffice.layout.badge import Badge
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.calendar import TEHRAN
from desk.catalogue import fees as actions
from desk.catalogue import queries as catalogue
from desk.catalogue.refusals import CopyDemanded, FeeInForce, FeeNotLonger, FeeOverlaps
from desk.catalogue.rows import FeeRow, ServiceRow
from desk.language.text import Localised, Text, words
from desk.offices import queries as offices
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("catalogue")


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee in the list, with its version."""

    fee: FeeRow
    version: str
    province: Localised | None
    state: Badge
    may_confirm: bool
    may_end: bool


class NotSure(Exception):
    """Rolls back a withdrawal that was not confirmed yet."""


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The history, newest first, with the form for a new fee."""
    form = FeeForm(data={"valid_from": _today(request), "is_confirmed": True})
    return _page(session, request, form=form)


async def add(request: PageRequest, backend: Backend) -> PageResponse:
    """Save a new fee; the one before it ends the day before."""
    require_within(request.scope)
    form = FeeForm(formdata=None)
    await backend.read(_offer_provinces, form)
    form.process(request.form)
    if form.validate() and form.valid_to.data is not None and form.valid_to.data < form.valid_from.data:
        form.valid_to.add_error(_("The last day lies before the first."))
    if form.errors:
        return await backend.read(_page, request, form=form, status=422)

    def act(session: WriteSession) -> None:
        service = _service(session, request)
        actions.set_fee(
            session,
            service_id=service.id,
            province_code=form.province.data or None,
            amount=form.amount.data,
            valid_from=form.valid_from.data,
            valid_to=form.valid_to.data,
            source=TwoLanguages.read(form, "source"),
            source_date=form.source_date.data,
            confirmed_on=_today(request) if form.is_confirmed.data else None,
            actor=request.actor,
            now=request.now,
        )

    try:
        await backend.write(act)
    except FeeOverlaps as refusal:
        form.valid_from.add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)
    except CopyDemanded as refusal:
        form.source_fa.add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)
    return Redirect(to=_address(request), notice="saved")


async def confirm(request: PageRequest, backend: Backend) -> PageResponse:
    """Somebody in charge confirms the fee; from now on applicants see it."""
    require_within(request.scope)

    def act(session: WriteSession) -> None:
        press.require_unchanged(session, subject=_subject(request), present=lambda: _form_of(_fee(session, request)))
        fee = _fee(session, request)
        actions.confirm_fee(session, fee_id=fee.id, confirmed_on=_today(request), actor=request.actor, now=request.now)

    press = EndFeeForm(request.form)
    try:
        await backend.write(act)
    except ChangedMeanwhile:
        form = FeeForm(data={"valid_from": _today(request), "is_confirmed": True})
        return await backend.read(_page, request, form=form, problem=MEANWHILE, status=409)
    except FeeOverlaps as refusal:
        form = FeeForm(data={"valid_from": _today(request), "is_confirmed": True})
        return await backend.read(_page, request, form=form, problem=refused(refusal), status=422)
    return Redirect(to=_address(request), notice="saved")


async def end(request: PageRequest, backend: Backend) -> PageResponse:
    """End a fee on a day; where that withdraws it, since it has not begun, a second press has to confirm."""
    require_within(request.scope)
    form = EndFeeForm(request.form)
    if not form.validate():
        return await backend.read(_end_page, request, form=form)
    is_sure = bool(request.form.get("sure"))

    def act(session: WriteSession) -> None:
        fee = _fee(session, request)
        _declare(form, fee)
        form.require_unchanged(session, subject=_subject(request), present=lambda: _form_of(_fee(session, request)))
        last_day: date = form.last_day.data
        actions.end_fee(session, fee_id=fee.id, last_day=last_day, actor=request.actor, now=request.now)
        if last_day < fee.valid_from and not is_sure:
            raise NotSure

    try:
        await backend.write(act)
    except (FeeNotLonger, FeeInForce) as refusal:
        form.last_day.add_error(refused(refusal))
        return await backend.read(_end_page, request, form=form)
    except ChangedMeanwhile:
        return await backend.read(_end_page, request, form=form, status=409)
    except NotSure:
        return await backend.read(_end_page, request, form=form, withdraws=True, status=200)
    return Redirect(to=_address(request), notice="saved")


def _form_of(fee: FeeRow) -> EndFeeForm:
    """The form of a fee with its version, for ending or confirming it."""
    form = EndFeeForm()
    _declare(form, fee)
    return form


def _declare(form: EndFeeForm, fee: FeeRow) -> None:
    last_day, confirmed_on = fee.valid_to, fee.confirmed_on
    last = last_day.isoformat() if last_day else ""
    form.declare("valid_to", _("Last day"), value=last, shown=LocalDay(last_day) if last_day else None)
    confirmed = confirmed_on.isoformat() if confirmed_on else ""
    shown = LocalDay(confirmed_on) if confirmed_on else None
    form.declare("confirmed_on", _("Confirmed on"), value=confirmed, shown=shown)


def _end_page(
    session: ReadSession, request: PageRequest, *, form: EndFeeForm, withdraws: bool = False, status: int = 422
) -> PageResponse:
    values = {"form": form, "fee": _fee(session, request), "withdraws": withdraws}
    return Render(template="catalogue/end_fee.html", values=values, status=status)


def _subject(request: PageRequest) -> str:
    return f"fees:{request.path['service']}"


def _page(
    session: ReadSession, request: PageRequest, *, form: FeeForm, problem: Text | None = None, status: int = 200
) -> PageResponse:
    service = _service(session, request)
    today = _today(request)
    provinces = _offer_provinces(session, form)
    lines = [
        _line(fee, provinces=provinces, today=today) for fee in catalogue.fee_history(session, service_id=service.id)
    ]
    values = {
        "card": service,
        "lines": lines,
        "form": form,
        "problem": problem,
        "today": today,
        "may_write": may_write(request),
        "tab": "fees",
    }
    return Render(template="catalogue/fees.html", values=values, status=status)


def _line(fee: FeeRow, *, provinces: dict[str, Localised], today: date) -> FeeLine:
    is_over = fee.valid_to is not None and fee.valid_to < today
    if is_over:
        state = Badge(_("Over"), "archive", "calm")
    elif fee.confirmed_on is None:
        state = Badge(_("Not confirmed: nobody sees it"), "pencil", "warn")
    elif fee.valid_from > today:
        state = Badge(_("To come"), "hourglass", "busy")
    else:
        state = Badge(_("In force"), "circle-check", "good")
    return FeeLine(
        fee=fee,
        version=_form_of(fee).version,
        province=provinces.get(fee.province_code or ""),
        state=state,
        may_confirm=fee.confirmed_on is None and not is_over,
        may_end=not is_over,
    )


def _offer_provinces(session: ReadSession, form: FeeForm) -> dict[str, Localised]:
    rows = offices.provinces(session)
    form.province.options = [(row.code, row.name) for row in rows]
    return {row.code: row.name for row in rows}


def _service(session: ReadSession | WriteSession, request: PageRequest) -> ServiceRow:
    found = catalogue.service(session, service_id=request.path["service"])
    if found is None:
        raise OutOfReach
    return found


def _fee(session: ReadSession | WriteSession, request: PageRequest) -> FeeRow:
    found = catalogue.fee_history(session, service_id=request.path["service"])
    fee = next((each for each in found if each.id == request.path["fee"]), None)
    if fee is None:
        raise OutOfReach
    return fee


def _today(request: PageRequest) -> date:
    return today_at(request.now, zone=TEHRAN).date


def _address(request: PageRequest) -> str:
    return f"/catalogue/{request.path['service']}/fees"
