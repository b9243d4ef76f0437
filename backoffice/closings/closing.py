"""The page on which one person closes hours, counters, days or whole provinces, and the sheet that asks first."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backoffice.capacity.many_offices import asked_for
from backoffice.closings.forms import REASONS, ClosingForm, When
from backoffice.closings.painting import Cell, cells_in, cells_within, days_painted, packed, whole_days
from backoffice.closings.saying import place_of_recent, said_cut
from backoffice.consequences.asking_first import There
from backoffice.forms.choices import Option
from backoffice.forms.days import read_date, today_at
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.web import csrf, keys
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.calendar import TEHRAN
from desk.capacity import queries as capacity
from desk.capacity.cutting import CutKind, DayCut
from desk.closings import actions
from desk.closings import queries as closings
from desk.closings.foreseeing import QueueDay, foresee_closing
from desk.closings.recent import RecentClosing, recent_closings
from desk.closings.refusals import NothingToClose, TooMuchToClose
from desk.closings.rules import MOST_OF_A_CLOSING, UNDO, told_from
from desk.language.text import Locale, Param, inline, words
from desk.offices import queries as offices
from desk.organisation import NATION, Scope, province
from desk.refusals import Refusal
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("closing")

PATH = "/capacity/close"
OURS = "closing_"
"""The prefix of what the sheet adds to the fields of the form."""
MOST_NAMED = 60
"""The most offices that are named; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedClosing:
    """What a complete form asks for."""

    days: list[QueueDay]
    by: DayCut
    subject: str
    place: Param
    first: date
    last: date
    reason: str


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form; tomorrow and the whole office are suggested."""
    return _page(session, request, form=None)


async def painted(request: PageRequest, backend: Backend) -> PageResponse:
    """The form for the offices and days that were ticked over the days of many offices."""
    if not cells_in(request) and not whole_days(request):
        return Redirect(to="/capacity/offices?paint=1", notice="closing_none_ticked")
    return await backend.read(_page, request, form=None)


async def close(request: PageRequest, backend: Backend) -> PageResponse:
    """Show the sheet, and close after it was confirmed; or lead back to the form with what was typed."""
    form = await backend.read(_form_sent, request)
    if not form.is_complete(today=_today(request)):
        return await backend.read(_page, request, form=form, status=422)
    if request.form.get(f"{OURS}again"):
        return await backend.read(_page, request, form=form)
    wanted = await backend.read(_wanted, request, form=form)
    if not wanted.days:
        return await _refused(request, backend, form, NothingToClose())
    if len(wanted.days) > MOST_OF_A_CLOSING:
        return await _refused(request, backend, form, TooMuchToClose(most=MOST_OF_A_CLOSING))
    if request.form.get(f"{OURS}sure"):
        try:
            change_id = await backend.write(
                actions.close,
                key=str(request.form.get(f"{OURS}key") or secrets.token_urlsafe(24))[:80],
                days=wanted.days,
                by=wanted.by,
                subject=wanted.subject,
                detail={"day": wanted.first.isoformat(), "until": wanted.last.isoformat()},
                reason=wanted.reason,
                actor=request.actor,
                now=request.now,
            )
        except NothingToClose as refusal:  # midnight has passed meanwhile
            return await _refused(request, backend, form, refusal)
        return Redirect(to=f"/capacity/closed/{change_id}")
    return await backend.read(_sheet, request, wanted=wanted)


async def _refused(request: PageRequest, backend: Backend, form: ClosingForm, refusal: Refusal) -> PageResponse:
    """The form again, with the refusal at the field that says where."""
    (form.place if "place" in form else form.kind).add_error(refused(refusal))
    return await backend.read(_page, request, form=form, status=422)


def _today(request: PageRequest) -> date:
    return today_at(request.now, zone=TEHRAN).date


def _may(request: PageRequest) -> Scope:
    return request.staff.scope(Permission.CAPACITY_WRITE)


def _choice(session: ReadSession, request: PageRequest) -> OfficeChoice:
    wanted = request.form_number("office") or request.query_number("office")
    return choice_for(session, request, wanted=wanted)


def _form_sent(session: ReadSession, request: PageRequest) -> ClosingForm:
    if cells_in(request):
        return ClosingForm.at(None, request.form)
    return ClosingForm.at(_places(session, request, _choice(session, request)), request.form)


def _places(session: ReadSession, request: PageRequest, choice: OfficeChoice) -> list[Option]:
    """The chosen office, its queues, and the provinces that the reader may close."""
    scope = _may(request)
    found: list[Option] = []
    if choice.current is not None and scope.covers(choice.current.node):
        office = choice.current
        found.append((f"office:{office.id}", _("The whole office: {office}", office=office.name)))
        queues = [row for row in capacity.queues_of(session, office_id=office.id) if row.is_active]
        if len(queues) > 1:
            found += [(f"queue:{row.id}", _("Only the queue: {queue}", queue=row.name)) for row in queues]
    within = [row for row in offices.provinces(session) if scope.covers(province(row.code))]
    found += [(f"province:{row.code}", _("The whole province: {province}", province=row.name)) for row in within]
    if scope.covers(NATION):
        found.append(("nation", _("The whole country")))
    return found


def _wanted(session: ReadSession, request: PageRequest, *, form: ClosingForm) -> WantedClosing:
    scope, cells = _may(request), cells_in(request)
    place: Param
    if cells:
        cells = cells_within(session, cells, scope=scope)
        days = closings.queue_days_of_offices(session, scope=scope, cells=cells)
        place = _("{n} offices", n=len({office_id for office_id, _day in cells}))
        subject, dates = "offices", sorted({day for _office, day in cells}) or [_today(request)]
    else:
        subject, dates = form.place.data, form.days(today=_today(request))
        place = dict(form.place.options)[subject]
        sort, _colon, key = subject.partition(":")
        at: dict[str, Any] = {"province_code": key} if sort == "province" else {f"{sort}_id": int(key)} if key else {}
        days = closings.queue_days(session, scope=scope, days=dates, **at)
    reason = form.words.data or ""
    if not reason and form.reason.data:
        reason = request.language.plain(REASONS[form.reason.data], Locale.FA)
    return WantedClosing(
        days=days, by=form.cut(), subject=subject, place=place, first=dates[0], last=dates[-1], reason=reason
    )


def _page(session: ReadSession, request: PageRequest, *, form: ClosingForm | None, status: int = 200) -> PageResponse:
    choice = _choice(session, request)
    cells = cells_within(session, _ticked(session, request), scope=_may(request))
    if form is None:
        day = read_date(request.query_text("day"))
        is_soon = day is None or day <= _today(request)
        places = None if cells else _places(session, request, choice)
        counters = request.query_number("counters")
        values = {
            "place": places[0][0] if places else None,
            "when": (When.TODAY if day else When.TOMORROW) if is_soon else When.OTHER,
            "from_day": None if is_soon else day,
            "kind": CutKind(request.form_text("kind") or CutKind.CLOSE).value,
            "counters": counters,
            "reason": "ill" if counters else "",
        }
        form = ClosingForm.at(places, data=values)
    shown = {
        "choice": choice,
        "tab": "offices" if cells else "close",
        "form": form,
        "cells": packed(cells),
        "painted": days_painted(session, cells),
        "recent": [] if cells or status != 200 else _recent(session, request),
        "may_close": bool(cells) or bool(form.place.options if "place" in form else ()),
    }
    return Render(template="closings/form.html", values=shown, status=status, remember=choice.remember)


def _recent(session: ReadSession, request: PageRequest) -> list[dict[str, Any]]:
    rows = recent_closings(session, scope=_may(request), now=request.now)
    return [_listed(row, now=request.now) for row in rows]


def _listed(row: RecentClosing, *, now: datetime) -> dict[str, Any]:
    is_early = row.by.kind is CutKind.CLOSE and row.told_from is not None and row.told_from > now
    return {
        "id": row.change_id,
        "title": inline(place_of_recent(row), said_cut(row.by)),
        "first": row.first,
        "last": row.last if row.last != row.first else None,
        "told_from": LocalMoment(row.told_from).clock if is_early and row.told_from else None,
    }


def _ticked(session: ReadSession, request: PageRequest) -> list[Cell]:
    """What was ticked, with all offices of the filter for the days that were ticked as a whole."""
    cells, whole = cells_in(request), whole_days(request)
    if whole:
        rows = asked_for(session, request, request.form_text).rows
        cells = sorted({*cells, *((row.office.id, day) for row in rows for day in whole)})
    return cells


def _sheet(session: ReadSession, request: PageRequest, *, wanted: WantedClosing) -> PageResponse:
    seen = foresee_closing(session, days=wanted.days, by=wanted.by, now=request.now)
    rows = offices.offices_by_id(session, office_ids=list(seen.by_office))
    told = told_from(seen.first, confirmed_at=request.now)
    not_again = {csrf.FIELD, keys.FIELD}
    there = [
        There(rows[office_id].name, rows[office_id].code, number)
        for office_id, number in seen.by_office.most_common()
        if office_id in rows
    ]
    values: dict[str, Any] = {
        "title": inline(wanted.place, said_cut(wanted.by)),
        "first": wanted.first,
        "last": wanted.last if wanted.last != wanted.first else None,
        "seen": seen,
        "queues": len({each.queue_id for each in wanted.days}),
        "is_closing": wanted.by.kind is CutKind.CLOSE,
        "reason": wanted.reason,
        "told": LocalMoment(told).clock if told > request.now else None,
        "minutes": int(UNDO.total_seconds() // 60),
        "offices": there[:MOST_NAMED],
        "more": max(0, len(there) - MOST_NAMED),
        "again": [
            (name, str(value))
            for name, value in request.form.multi_items()
            if name not in not_again and not name.startswith(OURS)
        ],
        "key": secrets.token_urlsafe(24),
        "back": "/capacity/offices" if cells_in(request) else PATH,
    }
    return Render(template="closings/sheet.html", values=values)
