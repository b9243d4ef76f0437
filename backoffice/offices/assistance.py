"""The page on which an office says on which weekdays it has a woman clerk or an interpreter."""

from __future__ import annotations

from typing import Any

from backoffice.forms.versions import ChangedMeanwhile
from backoffice.offices.assistance_form import AssistanceForm
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.offices import assistance
from desk.offices.rows import OfficeRow
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """What the office says, and the form for those who may."""
    return _page(session, request)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Keep what the office says; people read it from now on at the last look before they book."""
    office = await backend.read(office_in_reach, request)
    form = AssistanceForm(request.form)
    if not form.is_whole():
        return await backend.read(_page, request, form=form, status=422)

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session, subject=f"office_assistance:{office.id}", present=lambda: _form_of(session, office)
        )
        assistance.state_assistance(
            session, office_id=office.id, weekdays=form.weekdays, actor=request.actor, now=request.now
        )

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    return Redirect(to=f"/offices/{office.id}/assistance", notice="saved")


def _page(
    session: ReadSession, request: PageRequest, *, form: AssistanceForm | None = None, status: int = 200
) -> Render:
    office = office_in_reach(session, request)
    values: dict[str, Any] = {
        "office": office,
        "form": form or _form_of(session, office),
        "may_write": request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node),
    }
    return Render(template="offices/assistance.html", values=values, status=status)


def _form_of(session: ReadSession | WriteSession, office: OfficeRow) -> AssistanceForm:
    return AssistanceForm.of(assistance.stated(session, office_id=office.id))
