"""The coming working days on which nobody keeps order, for all offices within reach, and what is asked of marshals."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.access import area_node
from backoffice.forms.days import today_at
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.rosters.forms import ConditionsForm
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.acting import OutOfReach
from desk.calendar import TEHRAN
from desk.language.text import Localised, Text, words
from desk.offices.queries import provinces
from desk.organisation import Level, Node
from desk.rosters.actions import set_conditions
from desk.rosters.queries import own_conditions, unkept_days
from desk.rosters.rules import DAYS_BEFORE
from desk.rosters.telling import told_within
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment

_ = words("rosters")

MOST = 200


@dataclass(frozen=True, slots=True)
class ConditionsOfArea:
    """An area of the person with what it asks of marshals."""

    path: str
    name: Localised | Text
    form: ConditionsForm


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The days within the scope, the nearest first."""
    return _page(session, request)


async def save_conditions(request: PageRequest, backend: Backend) -> PageResponse:
    """Say what an area asks of marshals."""
    area = area_node(request.form_text("area"), within=request.staff.scope(Permission.OFFICES_WRITE))
    if area.level is Level.OFFICE:
        raise OutOfReach
    form = ConditionsForm(request.form)
    if not form.validate():
        return await backend.read(_page, request, sent=(area.path, form), status=422)

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session,
            subject=f"marshals:{area.path}",
            present=lambda: _form_of(own_conditions(session, area=area)),
        )
        said = form.conditions.data or ""
        set_conditions(session, area=area, conditions=said, actor=request.actor, now=request.now)

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, sent=(area.path, form), status=409)
    return Redirect(to="/capacity/marshals", notice="saved")


def _page(
    session: ReadSession, request: PageRequest, *, sent: tuple[str, ConditionsForm] | None = None, status: int = 200
) -> Render:
    today = today_at(request.now, zone=TEHRAN).date
    found = unkept_days(session, scope=request.scope, today=today)
    told = told_within(session, scope=request.scope, today=today) if found else []
    scope = request.staff.scope(Permission.OFFICES_WRITE)
    own = [Node(path) for path in scope.areas]
    names = {row.code: row.name for row in provinces(session)} if own else {}
    areas = []
    for area in own:
        form = sent[1] if sent and sent[0] == area.path else _form_of(own_conditions(session, area=area))
        areas.append(ConditionsOfArea(area.path, names.get(area.province_code or "", _("All of the country")), form))
    values = {
        "days": found[:MOST],
        "told": {(each.office_id, each.day): LocalMoment(each.since) for each in told},
        "more": len(found) - MOST,
        "ahead": DAYS_BEFORE,
        "areas": areas,
        "may_warn": bool(own),
        "tab": "marshals",
    }
    return Render(template="rosters/unkept.html", values=values, status=status)


def _form_of(conditions: str | None) -> ConditionsForm:
    return ConditionsForm(data={"conditions": conditions or ""})
