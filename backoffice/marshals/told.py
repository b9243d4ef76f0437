"""Alarms of a crowd above the pages of those who are told, and for the directorate which offices lack a marshal
tomorrow."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from backoffice.forms.days import today_at
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.calendar import TEHRAN
from desk.language.text import Localised, Text, words
from desk.marshals.alarms import mark_seen
from desk.marshals.queries import alarms, unseen
from desk.offices.queries import provinces
from desk.rosters.queries import UnkeptDay, unkept_days
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("marshals")

MOST = 100
MOST_ABOVE = 5
DAYS = timedelta(days=7)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Offices that work tomorrow without a marshal, by province, and the alarms of a week."""
    tomorrow = today_at(request.now, zone=TEHRAN).plus(1).date
    unkept = [
        each
        for each in unkept_days(session, scope=request.scope, today=tomorrow - timedelta(days=1))
        if each.day == tomorrow
    ]
    names = {row.code: row.name for row in provinces(session)} if unkept else {}
    by_province: dict[str, list[UnkeptDay]] = defaultdict(list)
    for each in unkept:
        by_province[each.province_code].append(each)
    groups: list[tuple[Localised | Text, list[UnkeptDay]]] = [
        (names.get(code, _("Elsewhere")), rows) for code, rows in sorted(by_province.items())
    ]
    told = alarms(session, scope=request.scope, since=request.now - DAYS, limit=MOST)
    values = {
        "tomorrow": tomorrow,
        "groups": groups,
        "number": len(unkept),
        "told": [(row, LocalMoment(row.raised_at, row.zone)) for row in told],
        "tab": "crowds",
    }
    return Render(template="marshals/told.html", values=values)


def now(session: ReadSession, request: PageRequest) -> PageResponse:
    """The piece above each page of those who are told: alarms that the reader has not seen."""
    rows = unseen(session, actor=request.actor, now=request.now, limit=MOST_ABOVE)
    values = {"alarms": [(row, LocalMoment(row.raised_at, row.zone).clock) for row in rows]}
    return Render(template="marshals/now.html", values=values)


async def see(request: PageRequest, backend: Backend) -> PageResponse:
    """Note that the reader has seen the alarm."""
    await backend.write(mark_seen, alarm_id=request.path["alarm"], actor=request.actor, now=request.now)
    return Redirect(to="/capacity/crowds", notice="crowd_seen")
