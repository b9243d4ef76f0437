"""The pages of holidays of the country and closures of provinces; lunar holidays are estimates until confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.access import province_node, require_within
from backoffice.capacity.forms import HolidayForm
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.forms.days import read_date, today_at
from backoffice.forms.fields import TwoLanguages
from backoffice.forms.versions import MEANWHILE, ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.acting import OutOfReach
from desk.calendar import TEHRAN
from desk.capacity import actions
from desk.capacity import queries as capacity
from desk.capacity.rows import HolidayRow
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import Localised, Text, words
from desk.offices import queries as offices
from desk.organisation import Scope
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.storage.locks import hold
from desk.values import LocalDay

_ = words("capacity")

HELD = "holidays"
"""The locked subject while a form is compared: a holiday may be moved onto the day of another one."""
GONE = _("Somebody took this holiday out meanwhile. What you wrote stands below as a new one.")

AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """A holiday with its province (None = the country), whether the reader may change it, and its version."""

    row: HolidayRow
    province: Localised | None
    may_write: bool
    version: str


class Gone(Exception):
    """The holiday of the form has been withdrawn; nothing was written."""


class AnotherStandsThere(Exception):
    """The new day has a holiday already; nothing was written."""


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The holidays to come; `day` and `province` in the address open one of them in the form."""
    wanted, province = read_date(request.query_text("day")), request.query_text("province") or None
    names = _names(session)
    lines = _lines(session, request, names=names)
    rows = [line.row for line in lines if line.may_write]
    chosen = next((row for row in rows if (row.day, row.province_code) == (wanted, province)), None)
    form = _new_form(lines, day=wanted) if chosen is None else _form_of(chosen)
    return _page(session, request, form=form, chosen=chosen.id if chosen else None, names=names, lines=lines)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Save a holiday of the country or a closure of a province within the scope; affected appointments are shown first.

    If an opened holiday gets another day or place, it is moved there: a lunar holiday may turn out to be a day later.
    """
    require_within(request.scope, province_node(str(request.form.get("province") or "") or None))
    form = HolidayForm(formdata=None)
    _offer_places(form, scope=request.scope, names=await backend.read(_names))
    form.process(request.form)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)
    day: date = form.day.data
    province = form.province.data or None

    def act(session: WriteSession) -> None:
        opened = _opened(request)
        if not opened:
            form.require_listed(session, subject=HELD, present=lambda: _form_on(session, day=day, province=province))
        else:
            hold(session, subject=HELD)
            was = capacity.holiday(session, holiday_id=opened)
            if was is None:
                raise Gone
            _in_reach(session, request, holiday_id=opened)
            form.require_unchanged(session, subject=HELD, present=lambda: _form_of(was))
            if (was.day, was.province_code) != (day, province):
                if _form_on(session, day=day, province=province) is not None:
                    raise AnotherStandsThere
                actions.delete_holiday(session, holiday_id=was.id, actor=request.actor, now=request.now)
        actions.save_holiday(
            session,
            day=day,
            name=TwoLanguages.read(form, "name"),
            is_confirmed=form.is_confirmed.data,
            is_closed=form.is_closed.data,
            province_code=province,
            actor=request.actor,
            now=request.now,
        )

    intended = IntendedChange(
        kind=ChangeKind.HOLIDAY,
        subject=f"holiday:{day.isoformat()}",
        reach=Reach(province_code=province, day=day),
        act=act,
        detail={"day": day.isoformat()},
    )
    title = _("{day}: holiday", day=LocalDay(day))
    try:
        done = await ask_first(request, backend, intended, title=title, back="/capacity/holidays")
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    except AnotherStandsThere:
        form.day.add_error(_("Another holiday stands on this day. Please change that one, or take it out first."))
        return await backend.read(_page, request, form=form, status=422)
    except Gone:
        return await backend.read(_page, request, form=form, is_gone=True, status=409)
    return done.redirect("/capacity/holidays") if isinstance(done, MadeChange) else done


def _new_form(lines: Sequence[HolidayLine], *, day: date | None = None) -> HolidayForm:
    """The form for a new holiday, with the version of those listed."""
    form = HolidayForm(data={"day": day, "is_closed": True, "is_confirmed": True})
    return form.beside(*(_form_of(line.row) for line in lines))


def _form_on(session: ReadSession | WriteSession, *, day: date, province: str | None) -> HolidayForm | None:
    """The form of the holiday of a day at a place; None where there is none."""
    found = capacity.holidays(session, from_day=day, to_day=day, provinces=[province] if province else [])
    return next((_form_of(row) for row in found if row.province_code == province), None)


def _form_of(row: HolidayRow) -> HolidayForm:
    return HolidayForm(
        data={
            "day": row.day,
            "province": row.province_code,
            **TwoLanguages.values("name", row.name),
            "is_confirmed": row.is_confirmed,
            "is_closed": row.is_closed,
        }
    )


async def delete(request: PageRequest, backend: Backend) -> PageResponse:
    """Withdraw a mistaken holiday; its day can be booked at once."""

    def act(session: WriteSession) -> None:
        press.require_unchanged(
            session,
            subject=HELD,
            present=lambda: _form_of(_in_reach(session, request, holiday_id=request.path["holiday"])),
        )
        found = _in_reach(session, request, holiday_id=request.path["holiday"])
        actions.delete_holiday(session, holiday_id=found.id, actor=request.actor, now=request.now)

    press = HolidayForm(request.form)
    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=None, problem=MEANWHILE, status=409)
    return Redirect(to="/capacity/holidays", notice="deleted")


def _in_reach(session: ReadSession | WriteSession, request: PageRequest, *, holiday_id: int) -> HolidayRow:
    """The holiday, if the reader may change it; raises OutOfReach."""
    found = capacity.holiday(session, holiday_id=holiday_id)
    if found is None:
        raise OutOfReach
    require_within(request.scope, province_node(found.province_code))
    return found


def _opened(request: PageRequest) -> int:
    typed = str(request.form.get("holiday") or "")
    return int(typed) if typed.isdecimal() and len(typed) < 16 else 0


def _may_write(scope: Scope, province_code: str | None) -> bool:
    return scope.covers(province_node(province_code))


def _names(session: ReadSession) -> dict[str, Localised]:
    return {row.code: row.name for row in offices.provinces(session)}


def _lines(session: ReadSession, request: PageRequest, *, names: Mapping[str, Localised]) -> list[HolidayLine]:
    """The holidays of the country with the closures of all provinces, first to last."""
    today = today_at(request.now, zone=TEHRAN).date
    scope = request.staff.scope(Permission.CAPACITY_WRITE)
    rows = capacity.holidays(session, from_day=today, to_day=today + AHEAD, provinces=list(names))
    return [
        HolidayLine(
            row, names.get(row.province_code or ""), _may_write(scope, row.province_code), _form_of(row).version
        )
        for row in rows
    ]


def _offer_places(form: HolidayForm, *, scope: Scope, names: Mapping[str, Localised]) -> None:
    """Offer the country to those responsible for it, else the provinces within the scope."""
    form.province.options = [each for each in names.items() if _may_write(scope, each[0])]
    form.province.empty = _("The whole country") if scope.is_national else None
    form.province.required = not scope.is_national


def _page(
    session: ReadSession,
    request: PageRequest,
    *,
    form: HolidayForm | None,
    chosen: int | None = None,
    is_gone: bool = False,
    problem: Text | None = None,
    names: Mapping[str, Localised] | None = None,
    lines: list[HolidayLine] | None = None,
    status: int = 200,
) -> PageResponse:
    scope = request.staff.scope(Permission.CAPACITY_WRITE)
    names = _names(session) if names is None else names
    lines = _lines(session, request, names=names) if lines is None else lines
    form = form or _new_form(lines)
    if is_gone:
        problem = GONE
        form.beside(*(_form_of(line.row) for line in lines))
    _offer_places(form, scope=scope, names=names)
    values = {
        "lines": lines,
        "form": form,
        "problem": problem,
        "chosen": None if is_gone else chosen or _opened(request) or None,
        "may_write": scope.is_national or bool(scope.provinces),
        "tab": "holidays",
    }
    return Render(template="capacity/holidays.html", values=values, status=status)
