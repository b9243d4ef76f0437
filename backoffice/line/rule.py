"""The page with the order of the line in words, to be printed for the wall, and its numbers for those who set them."""

from __future__ import annotations

from typing import Any

from backoffice.forms.versions import ChangedMeanwhile
from backoffice.line.forms import LineRulesForm
from backoffice.line.saying import rule_in_words
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.line import actions as line
from desk.line.queries import rules_of
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The order in words, and the form for those who may."""
    return _page(session, request)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Set the numbers; they hold from the next call on."""
    office = await backend.read(office_in_reach, request)
    form = LineRulesForm(request.form)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session,
            subject=f"line_rules:{office.id}",
            present=lambda: LineRulesForm.of(rules_of(session, office_id=office.id)),
        )
        line.set_line_rules(session, office_id=office.id, rules=form.rules, actor=request.actor, now=request.now)

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    return Redirect(to=f"/offices/{office.id}/line", notice="saved")


def _page(
    session: ReadSession, request: PageRequest, *, form: LineRulesForm | None = None, status: int = 200
) -> Render:
    office = office_in_reach(session, request)
    rules = rules_of(session, office_id=office.id)
    values: dict[str, Any] = {
        "office": office,
        "lines": rule_in_words(rules),
        "form": form or LineRulesForm.of(rules),
        "may_write": request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node),
        "may_stop": all(
            request.staff.scope(needed).covers(office.node)
            for needed in (Permission.CAPACITY_WRITE, Permission.APPOINTMENTS_RECORD)
        ),
    }
    return Render(template="line/rule.html", values=values, status=status)
