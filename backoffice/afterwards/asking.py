"""Whether and when people are asked after their visits: what holds in each province, and the form of one."""

from __future__ import annotations

from backoffice.access import area_node
from backoffice.afterwards.forms import OFF, ON, AskingForm
from backoffice.afterwards.wording import HOUR_OUTSIDE
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.acting import OutOfReach
from desk.afterwards.refusals import HourOutside
from desk.afterwards.rows import AskingRule
from desk.afterwards.setting import SETTING, rules_of_provinces, set_rule
from desk.language.text import words
from desk.offices.queries import provinces
from desk.offices.rows import ProvinceRow
from desk.organisation import province
from desk.storage.base import ReadSession, WriteSession

_ = words("after visits")

PATH = "/after-visits/asking"


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """What holds in the provinces within the scope, with the form of the one that is chosen."""
    return _page(session, request, chosen=request.query_text("province"))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Say what holds in a province."""
    code = area_node(f"/{request.form_text('province')}/", within=request.scope).province_code or ""
    form = AskingForm(request.form)
    if not form.validate():
        return await backend.read(_page, request, chosen=code, form=form, status=422)
    rule = AskingRule(is_on=form.is_on.data == ON, ask_at=int(form.ask_at.data or 0))

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session, subject=f"{SETTING}{code}", present=lambda: _form_of(rules_of_provinces(session)[code])
        )
        set_rule(session, province_code=code, rule=rule, actor=request.actor, now=request.now)

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, chosen=code, form=form, status=409)
    except HourOutside:
        form.ask_at.add_error(HOUR_OUTSIDE)
        return await backend.read(_page, request, chosen=code, form=form, status=422)
    return Redirect(to=PATH, notice="saved")


def _page(
    session: ReadSession, request: PageRequest, *, chosen: str, form: AskingForm | None = None, status: int = 200
) -> Render:
    within = [row for row in provinces(session) if request.scope.covers(province(row.code))]
    if not within:
        raise OutOfReach
    rules = rules_of_provinces(session)
    shown = _chosen(within, chosen)
    values = {
        "provinces": [(row, rules[row.code]) for row in within],
        "chosen": shown,
        "form": form or (_form_of(rules[shown.code]) if shown is not None else None),
    }
    return Render(template="afterwards/asking.html", values=values, status=status)


def _chosen(within: list[ProvinceRow], code: str) -> ProvinceRow | None:
    """The province of the address; where there is only one, that one."""
    if len(within) == 1:
        return within[0]
    return next((row for row in within if row.code == code), None)


def _form_of(rule: AskingRule) -> AskingForm:
    return AskingForm(data={"is_on": ON if rule.is_on else OFF, "ask_at": rule.ask_at})
