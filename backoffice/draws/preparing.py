"""The page on which the directorate prepares a draw: its days, when its list closes, and which figure decides it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from backoffice.access import require_within
from backoffice.draws.forms import DrawForm, say_at_its_field
from backoffice.draws.settings import SettingPlace, choosing, chosen_place, typed_place
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.calendar import instant_of
from desk.draws import actions
from desk.draws.queries import setting
from desk.draws.refusals import DrawUnusable
from desk.draws.rows import DrawPlan, DrawRules
from desk.storage.base import ReadSession, WriteSession
from desk.values import ClockTime, LocalDay

PATH: Final = "/draws/new"


def new(session: ReadSession, request: PageRequest) -> PageResponse:
    """The empty form for the chosen service and province; without them, the choice."""
    require_within(request.scope)
    service, province = request.query_number("service"), request.query_text("province")
    if service is None or not province:
        return choosing(session, request, address=PATH)
    place = chosen_place(session, service_id=service, province_code=province)
    return _page(session, place=place, form=DrawForm())


async def create(request: PageRequest, backend: Backend) -> PageResponse:
    """Prepare it, and lead to the steps that follow."""
    require_within(request.scope)
    place = await backend.read(typed_place, request)
    form = DrawForm(request.form)
    if form.validate():
        try:
            draw_id = await backend.write(_prepare, request, place=place, form=form)
        except DrawUnusable as refusal:
            say_at_its_field(form, refusal)
        else:
            return Redirect(to=f"/draws/{draw_id}/steps", notice="saved")
    return await backend.read(_page, place=place, form=form, status=422)


def _prepare(session: WriteSession, request: PageRequest, *, place: SettingPlace, form: DrawForm) -> int:
    plan = DrawPlan(
        service_id=place.service_id,
        province_code=place.province_code,
        first_day=form.first_day.data,
        last_day=form.last_day.data,
        closes_at=_closes(form),
        figure_name=form.figure_name.data,
        figure_digits=form.figure_digits.data,
    )
    return actions.prepare(session, plan=plan, actor=request.actor, now=request.now)


def _closes(form: DrawForm) -> datetime:
    return instant_of(LocalDay(form.closes_day.data), minutes=form.closes_time.data)


def _page(session: ReadSession, *, place: SettingPlace, form: DrawForm, status: int = 200) -> Render:
    stands = setting(session, service_id=place.service_id, province_code=place.province_code)
    rules = DrawRules() if stands is None else stands.rules
    values = {
        "place": place,
        "form": form,
        "rules": rules,
        "hour": ClockTime.from_minutes(rules.publish_at),
        "address": PATH,
    }
    return Render(template="draws/new.html", values=values, status=status)
