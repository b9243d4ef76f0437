"""The holidays of the country; those that move with the moon stay estimates until somebody confirms them."""

from __future__ import annotations

from datetime import date, timedelta

from backoffice.access import require_province
from backoffice.consequences import Done, ask_first
from backoffice.days import read_date, today_at
from backoffice.exchange import Ask, Desk, Reply, Show
from backoffice.forms.capacity import HolidayForm
from backoffice.forms.fields import TwoLanguages
from desk.calendar import TEHRAN
from desk.capacity import actions
from desk.capacity import queries as capacity
from desk.consequences.actions import Deed
from desk.consequences.hit import Reach
from desk.consequences.rules import Kind
from desk.language.text import words
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("capacity")

AHEAD = timedelta(days=400)


def page(session: ReadSession, ask: Ask) -> Reply:
    """The holidays to come; `day` in the address opens one of them in the form."""
    wanted = read_date(ask.asked("day"))
    today = today_at(ask.now, zone=TEHRAN).date
    rows = capacity.holidays(session, from_day=today, to_day=today + AHEAD)
    chosen = next((row for row in rows if row.day == wanted), None)
    form = HolidayForm(data={"day": wanted, "is_closed": True, "is_confirmed": True})
    if chosen is not None:
        form = HolidayForm(
            data={
                "day": chosen.day,
                **TwoLanguages.values("name", chosen.name),
                "is_confirmed": chosen.is_confirmed,
                "is_closed": chosen.is_closed,
            }
        )
    return _page(session, ask, form=form)


async def save(ask: Ask, desk: Desk) -> Reply:
    """Write a holiday; only who answers for the whole country may. How many it hits is shown first."""
    require_province(ask.scope, province_code=None)
    form = HolidayForm(ask.form)
    if not form.validate():
        return await desk.read(_page, ask, form=form, status=422)

    def act(session: WriteSession) -> tuple[int, ...]:
        return actions.save_holiday(
            session,
            day=form.day.data,
            name=TwoLanguages.read(form, "name"),
            is_confirmed=form.is_confirmed.data,
            is_closed=form.is_closed.data,
            staff_id=ask.staff.staff_id,
            now=ask.now,
        )

    day: date = form.day.data
    deed = Deed(
        kind=Kind.HOLIDAY,
        subject=f"holiday:{day.isoformat()}",
        reach=Reach(day=day),
        act=act,
        detail={"day": day.isoformat()},
    )
    title = _("{day}: holiday", day=LocalDay(day))
    done = await ask_first(ask, desk, deed, title=title, back="/capacity/holidays")
    return done.go("/capacity/holidays") if isinstance(done, Done) else done


def _page(session: ReadSession, ask: Ask, *, form: HolidayForm, status: int = 200) -> Reply:
    today = today_at(ask.now, zone=TEHRAN).date
    values = {
        "rows": capacity.holidays(session, from_day=today, to_day=today + AHEAD),
        "form": form,
        "may_write": ask.staff.scope(Permission.CAPACITY_WRITE).nation,
        "tab": "holidays",
    }
    return Show(template="capacity/holidays.html", values=values, status=status)
