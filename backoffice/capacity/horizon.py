"""The page on which an office says how many days ahead it opens for a service, and when a new day opens."""

from __future__ import annotations

from backoffice.capacity.forms import HorizonForm
from backoffice.capacity.saying import said_horizon
from backoffice.forms.fields import field_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.capacity import actions
from desk.capacity.horizons import Horizon, horizons_of
from desk.capacity.refusals import MoreDaysThanService
from desk.catalogue.refusals import NoSuchOpening
from desk.language.text import words
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession, WriteSession

_ = words("capacity")


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form with what the office says of its own."""
    _office, row = _found(session, request)
    return _page(session, request, form=_form_of(row), status=200)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Save it; days that open by it are given first to those who wait."""
    form = HorizonForm(request.form)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)

    def act(session: WriteSession) -> int:
        office, row = _found(session, request)
        form.require_unchanged(
            session, subject=f"office:{office.id}", present=lambda: _form_of(_found(session, request)[1])
        )
        actions.set_horizon(
            session,
            office_id=office.id,
            service_id=row.service_id,
            days_ahead=form.days_ahead.data,
            opens_at=form.opens_at.data,
            actor=request.actor,
            now=request.now,
        )
        return office.id

    try:
        office_id = await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    except MoreDaysThanService as refusal:
        form.days_ahead.add_error(_("The service opens {n} days ahead: an office opens no more.", n=refusal.most))
    except NoSuchOpening as refusal:
        field_named(form, refusal.field).add_error(refused(refusal))
    else:
        return Redirect(to=f"/capacity/queues?office={office_id}", notice="saved")
    return await backend.read(_page, request, form=form, status=422)


def _form_of(row: Horizon) -> HorizonForm:
    return HorizonForm(data={"days_ahead": row.own_days, "opens_at": row.own_hour})


def _found(session: ReadSession | WriteSession, request: PageRequest) -> tuple[OfficeRow, Horizon]:
    """The office and the service of the address; raises OutOfReach outside of the scope, or where it is not served."""
    office = office_in_reach(session, request)
    rows = horizons_of(session, office_id=office.id)
    found = next((row for row in rows if row.service_id == request.path["service"]), None)
    if found is None:
        raise OutOfReach
    return office, found


def _page(session: ReadSession, request: PageRequest, *, form: HorizonForm, status: int) -> PageResponse:
    office, row = _found(session, request)
    values = {
        "form": form,
        "office": office,
        "row": row,
        "of_service": said_horizon(row.service_days, row.service_hour),
    }
    return Render(template="capacity/horizon.html", values=values, status=status)
