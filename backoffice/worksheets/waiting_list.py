"""What waits for the directorate, the longest first, and whether it wants to approve the hours of its offices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backoffice.access import area_node
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.worksheets.forms import ABOVE, NO, YES, ApprovalForm
from backoffice.worksheets.of_office import line_of
from desk.acting import OutOfReach
from desk.capacity import approval
from desk.language.text import Localised, Text, words
from desk.offices.queries import provinces
from desk.organisation import NATION, Level, Node
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.worksheets.queries import waiting_worksheets

_ = words("worksheets")

MOST = 100
SAYS_IT = (Level.NATION, Level.PROVINCE)
"""The areas that say whether approval is needed."""


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """An area of the person with the form that says whether its offices need approval."""

    path: str
    name: Localised | Text
    form: ApprovalForm


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The worksheets that wait within the scope, and the setting of each area that the person stands for."""
    return _page(session, request)


async def set_needed(request: PageRequest, backend: Backend) -> PageResponse:
    """Say whether the offices of an area need approval."""
    area = _area_sent(request)
    form = _form_of(None, area=area)
    form.process(request.form)
    if not form.validate():
        return await backend.read(_page, request, sent=(area.path, form), status=422)
    needed = {YES: True, NO: False, ABOVE: None}[form.is_needed.data]

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session,
            subject=f"approval:{area.path}",
            present=lambda: _form_of(approval.own_word(session, area=area), area=area),
        )
        approval.set_approval(session, area=area, needed=needed, actor=request.actor, now=request.now)

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, sent=(area.path, form), status=409)
    return Redirect(to="/capacity/worksheets", notice="saved")


def _page(
    session: ReadSession, request: PageRequest, *, sent: tuple[str, ApprovalForm] | None = None, status: int = 200
) -> Render:
    rows, number = waiting_worksheets(session, scope=request.scope, limit=MOST)
    lines = [line_of(row, request) for row in rows]
    names = {row.code: row.name for row in provinces(session)}
    areas, said = [], approval.words_of_areas(session)
    for area in _areas(request, said):
        form = sent[1] if sent and sent[0] == area.path else None
        word = said.get(area.path)
        name = names.get(area.province_code or "", _("All of the country"))
        areas.append(AreaChoice(area.path, name, form or _form_of(word, area=area)))
    values = {
        "lines": lines,
        "late": sum(line.is_late for line in lines),
        "more": number - len(lines),
        "areas": areas,
        "tab": "worksheets",
    }
    return Render(template="worksheets/waiting.html", values=values, status=status)


def _areas(request: PageRequest, said: Iterable[str]) -> list[Node]:
    """The country or the provinces that the person stands for, and those below them that have said something."""
    scope = request.staff.scope(Permission.CAPACITY_WRITE)
    found = {Node(path) for path in (*scope.areas, *said)}
    return sorted(each for each in found if each.level in SAYS_IT and scope.covers(each))


def _area_sent(request: PageRequest) -> Node:
    """The area of the form; raises OutOfReach where the person may not say it there."""
    area = area_node(request.form_text("area"), within=request.staff.scope(Permission.CAPACITY_WRITE))
    if area.level not in SAYS_IT:
        raise OutOfReach
    return area


def _form_of(word: bool | None, *, area: Node) -> ApprovalForm:
    chosen = ABOVE if word is None else YES if word else NO
    form = ApprovalForm(data={"is_needed": NO if chosen == ABOVE and area == NATION else chosen})
    options = [
        (YES, _("Needed: hours change only when the directorate approves them")),
        (NO, _("Not needed: the office measures its capacity itself, as the rule says")),
    ]
    form.is_needed.options = options if area == NATION else [*options, (ABOVE, _("As for all of the country"))]
    return form
