"""The page on which a manager says that nobody can be served: the system or the card reader is down."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from backoffice.closings.stop_form import STOPS, StopForm
from backoffice.forms.days import today_at
from backoffice.forms.fields import field_named
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.closings.refusals import NothingToClose
from desk.closings.stopping import stop_line
from desk.language.text import Locale
from desk.line.queries import entries_of
from desk.line.rules import IN_LINE
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession
from desk.values import LocalMoment


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form, with how many people are in the line."""
    return _page(session, request, form=StopForm())


async def stop(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what it comes to, and do it after it was confirmed; then the closing of today says who is told."""
    office = await backend.read(office_in_reach, request)
    form = StopForm(request.form)
    if not form.is_whole(minute=_minute(request.now, office.zone)):
        return await backend.read(_page, request, form=form, status=422)
    if request.form.get("do") != "stop":
        return await backend.read(_page, request, form=form, is_sheet=True)
    try:
        done = await backend.write(
            stop_line,
            key=str(request.form.get("key") or secrets.token_urlsafe(24))[:80],
            office_id=office.id,
            until=form.until.data,
            reason=request.language.plain(STOPS[str(form.reason.data)], Locale.FA),
            actor=request.actor,
            now=request.now,
        )
    except NothingToClose as refusal:
        field_named(form, "reason").add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)
    return Redirect(to=f"/capacity/closed/{done.change_id}", notice="line_stopped")


def _page(
    session: ReadSession, request: PageRequest, *, form: StopForm, is_sheet: bool = False, status: int = 200
) -> Render:
    office = office_in_reach(session, request)
    request.actor.require(Permission.APPOINTMENTS_RECORD, at=office.node)  # it records what becomes of visits
    today = today_at(request.now, zone=office.zone).date
    found = entries_of(session, office_id=office.id, day=today)
    values: dict[str, Any] = {
        "office": office,
        "form": form,
        "is_sheet": is_sheet,
        "waiting": sum(each.state in IN_LINE for each in found),
        "reason": STOPS.get(str(form.reason.data)),
        "until": form.until.data,
        "key": secrets.token_urlsafe(24),
    }
    return Render(template="closings/stop.html", values=values, status=status)


def _minute(now: datetime, zone: str) -> int:
    return LocalMoment(now, zone).clock.minutes
