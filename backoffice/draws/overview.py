"""The list of draws with how far each is, and the services whose places are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.draws.wording import DRAW_STATES
from backoffice.layout.badge import Badge
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.acting import Permission
from desk.draws.lists import DrawLine, draw_lines, setting_lines
from desk.draws.rules import DrawState
from desk.language.text import Localised, Text, words
from desk.organisation import province
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment

_ = words("draws")

MOST = 100


@dataclass(frozen=True, slots=True)
class ListedDraw:
    """A draw as the list shows it."""

    line: DrawLine
    state: Badge
    closes: LocalMoment
    hour: LocalMoment
    waits_for: Text | None
    """What somebody has to do for it now; None = nothing."""
    address: str


@dataclass(frozen=True, slots=True)
class ListedSetting:
    """How the places of a service are given in a province."""

    service_id: int
    province_code: str
    service: Localised
    province: Localised
    said: Text
    reason: str


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The latest draws; those that are being prepared only for who may take part in that."""
    writes = request.staff.scope(Permission.CAPACITY_WRITE)
    drafts = None if writes.is_national else writes.provinces
    found = draw_lines(session, drafts_of=drafts, limit=MOST)
    values = {
        "draws": [_listed(each, holds=writes.covers(province(each.draw.province_code))) for each in found],
        "is_cut": len(found) == MOST,
        "settings": [
            ListedSetting(
                each.setting.service_id,
                each.setting.province_code,
                each.service,
                each.province,
                _("Open: who comes first")
                if each.last_open is None
                else _("Drawn from {day} on", day=LocalDay(each.last_open).plus(1)),
                each.setting.reason,
            )
            for each in setting_lines(session)
        ],
        "may_set": writes.is_national,
        "sees_unreached": bool(request.staff.scope(Permission.APPOINTMENTS_READ)),
    }
    return Render(template="draws/list.html", values=values)


def _listed(line: DrawLine, *, holds: bool) -> ListedDraw:
    draw = line.draw
    return ListedDraw(
        line=line,
        state=DRAW_STATES[draw.state],
        closes=LocalMoment(draw.closes_at),
        hour=LocalMoment(draw.drawn_at),
        waits_for=_waits_for(line) if holds else None,
        address=f"/draws/{draw.id}/steps" if holds else f"/draws/{draw.id}",
    )


def _waits_for(line: DrawLine) -> Text | None:
    draw = line.draw
    if draw.state is DrawState.DRAFT:
        if draw.word_hash is None:
            return _("Waits for the word of a second person")
        return _("Waits to be announced")
    if draw.state is DrawState.FROZEN and draw.figure is None:
        return _("Waits for the public figure, typed by two people")
    if draw.state is DrawState.FROZEN and draw.word is None:
        return _("Waits for the word to be revealed")
    return None
