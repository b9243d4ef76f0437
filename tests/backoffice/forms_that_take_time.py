"""The forms that can take time from people, with what each sends and what has to stand there before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from desk.acting import SYSTEM
from desk.capacity import actions as capacity
from desk.capacity.models import ExceptionKind, Holiday, Queue
from desk.capacity.rules import DayHours
from desk.consequences.rules import ChangeKind
from desk.language.text import Localised
from desk.storage.base import WriteSession
from tests import makers
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.sheets import MONDAY, SHUT, Form
from tests.makers import NOW
from tests.makers_hours import take_rule_away
from tests.makers_worksheets import a_week, approval_needed, make_worksheet


@dataclass(frozen=True)
class Page:
    """A page that can affect appointments: its form, who sends it, and what must not change before a decision."""

    name: str
    who: str
    kind: ChangeKind
    remedy: str
    address: str
    form: Form
    prepare: Callable[[WriteSession, Site], Form] = lambda _session, _house: {}
    """What has to stand there before, and what the form carries because of it."""

    def filled(self, site: Site) -> str:
        ids = {"office": site.world.office, "queue": site.world.queue, "rule": self.rule(site)}
        ids["worksheet"] = NEXT_WORKSHEET
        return self.address.format(**ids, service=site.world.service)

    def rule(self, site: Site) -> int:
        return site.world.rule + 2  # that of Mondays

    def data(self, site: Site) -> Form:
        return {name: [str(site.world.service)] if value == ["service"] else value for name, value in self.form.items()}

    async def sent(self, browser: Browser, site: Site, more: Form) -> Form:
        """The form as it is sent; a whole week only after its figures were shown."""
        form = self.data(site) | more
        if not self.address.endswith("/week"):
            return form
        shown = await browser.post(self.filled(site), form)
        return form | {"seen": form_at(shown.text, self.filled(site)).values["seen"], "do": "save"}


WEEK: Form = {"valid_from": "1405/08/30", "valid_to": ""}
for weekday in range(5):
    for name, value in {"opens": "8", "closes": "14", "counters": "2", "minutes": "15"}.items():
        WEEK[f"d{weekday}r0-{name}"] = value
OFFICE: Form = {
    "code": "72-1101",
    "kind": "pishkhan",
    "province": "IR-30",
    "city_fa": "کرج",
    "name_fa": "دفتر پیشخوان گلشهر",
    "address_fa": "خیابان آزمون، پلاک ۱",
    "latitude": "35.83",
    "longitude": "50.99",
    "is_active": "1",
}
NEXT_WORKSHEET = 3
"""The id of the next one: the world has two."""
QUEUE = "/capacity/{office}/queues/{queue}"
SERVICE: Form = {
    "code": "identity",
    "title_fa": "احراز هویت اتباع خارجی",
    "short_title_fa": "احراز هویت",
    "is_published": "1",
}

HOLIDAY: Form = {"day": "1405/09/02", "name_fa": "تعطیل آزمون", "is_closed": "1", "is_confirmed": "1"}


def holiday_on(day: date, *, province: str | None, is_closed: bool = True) -> Callable[[WriteSession, Site], Form]:
    """An existing holiday that is opened in the form."""

    def prepare(session: WriteSession, _house: Site) -> Form:
        capacity.save_holiday(
            session,
            day=day,
            name=Localised({"fa": "تعطیل آزمون"}),
            is_confirmed=True,
            is_closed=is_closed,
            province_code=province,
            actor=SYSTEM,
            now=NOW,
        )
        return {"holiday": str(session.scalars(select(Holiday.id).where(Holiday.day == day)).one())}

    return prepare


def open_by_exception(session: WriteSession, site: Site) -> Form:
    """Monday is open for this one day only: no weekly hours speak of it."""
    capacity.set_exception(
        session,
        queue_id=site.world.queue,
        day=MONDAY,
        kind=ExceptionKind.HOURS,
        hours=[DayHours(8 * 60, 14 * 60)],
        counters=2,
        actor=SYSTEM,
        now=NOW,
    )
    take_rule_away(session, rule_id=site.world.rule + 2, now=NOW)
    return {}


def another_service(session: WriteSession, _house: Site) -> Form:
    """A queue has to keep one service."""
    return {"services": [str(makers.make_service(session, code="other", is_bookable=True).id)]}


def stated_for_fridays(session: WriteSession, site: Site) -> Form:
    """The office has stated that it opens on Fridays alone, and waits for the approval."""
    approval_needed(session)
    queue = session.get_one(Queue, site.world.queue)
    assert make_worksheet(session, queue=queue, week=a_week(days=(6,))) == NEXT_WORKSHEET
    return {}


def closed_there(session: WriteSession, _house: Site) -> Form:
    """The province that the office is moved to is closed on Monday."""
    holiday_on(MONDAY, province="IR-09")(session, _house)
    return {}


PAGES = [
    Page(
        "a day as usual again",
        "manager",
        ChangeKind.DAY,
        "move",
        QUEUE + "/days/clear",
        {"day": "2026-11-23"},
        open_by_exception,
    ),
    Page(
        "a service not in the queue any more",
        "manager",
        ChangeKind.QUEUE,
        "cancel",
        QUEUE + "/edit",
        {"name_fa": "باجه", "is_active": "1"},
        another_service,
    ),
    Page(
        "a service not bookable",
        "admin",
        ChangeKind.SERVICE,
        "cancel",
        "/catalogue/{service}/edit",
        {**SERVICE, "is_published": "1"},
    ),
    Page(
        "a service not published",
        "admin",
        ChangeKind.SERVICE,
        "cancel",
        "/catalogue/{service}/edit",
        {name: value for name, value in SERVICE.items() if name != "is_published"} | {"is_bookable": "1"},
    ),
    Page(
        "an office in a closed province",
        "admin",
        ChangeKind.OFFICE,
        "move",
        "/offices/{office}",
        OFFICE | {"province": "IR-09"},
        closed_there,
    ),
    Page("a closure", "province", ChangeKind.HOLIDAY, "move", "/capacity/holidays", HOLIDAY | {"province": "IR-30"}),
    Page(
        "a closure moved",
        "province",
        ChangeKind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY | {"province": "IR-30"},
        holiday_on(MONDAY + timedelta(days=1), province="IR-30"),
    ),
    Page(
        "a closure that shuts now",
        "province",
        ChangeKind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY | {"province": "IR-30"},
        holiday_on(MONDAY, province="IR-30", is_closed=False),
    ),
    Page(
        "a holiday moved",
        "admin",
        ChangeKind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY,
        holiday_on(MONDAY + timedelta(days=1), province=None),
    ),
    Page(
        "a closure made the country's",
        "admin",
        ChangeKind.HOLIDAY,
        "move",
        "/capacity/holidays",
        HOLIDAY,
        holiday_on(MONDAY, province="IR-09"),
    ),
    Page("a day closed", "manager", ChangeKind.DAY, "move", QUEUE + "/days", SHUT),
    Page(
        "counters of a day",
        "manager",
        ChangeKind.DAY,
        "move",
        QUEUE + "/days",
        SHUT | {"kind": "hours", "counters": "1"},
    ),
    Page("a week begins later", "manager", ChangeKind.RULE, "move", QUEUE + "/week", WEEK | {"d2r0-opens": "10"}),
    Page(
        "a week has a day fewer",
        "manager",
        ChangeKind.RULE,
        "move",
        QUEUE + "/week",
        WEEK | {"d2r0-opens": "", "d2r0-closes": ""},
    ),
    Page(
        "a worksheet begins later",
        "manager",
        ChangeKind.RULE,
        "move",
        QUEUE + "/worksheet",
        WEEK | {"d2r0-opens": "10", "note": "", "do": "state"},
    ),
    Page(
        "a worksheet is approved",
        "province",
        ChangeKind.RULE,
        "move",
        "/capacity/worksheets/{worksheet}",
        {"state": "approved", "reason": "", "until_day": ""},
        stated_for_fridays,
    ),
    Page(
        "a queue off",
        "manager",
        ChangeKind.QUEUE,
        "cancel",
        QUEUE + "/edit",
        {"name_fa": "باجه", "services": ["service"]},
    ),
    Page(
        "an office off",
        "province",
        ChangeKind.OFFICE,
        "cancel",
        "/offices/{office}",
        {name: value for name, value in OFFICE.items() if name != "is_active"},
    ),
    Page(
        "a service suspended at an office",
        "province",
        ChangeKind.STATUS,
        "cancel",
        "/offices/{office}/services/{service}",
        {"state": "suspended", "basis": "announcement", "reason": "کسی مسئول نظم نیست"},
    ),
    Page("an address", "manager", ChangeKind.ADDRESS, "tell", "/offices/{office}", OFFICE | {"address_fa": "میدان نو"}),
    Page("a city", "manager", ChangeKind.ADDRESS, "tell", "/offices/{office}", OFFICE | {"city_fa": "فردیس"}),
    Page("coordinates", "manager", ChangeKind.ADDRESS, "tell", "/offices/{office}", OFFICE | {"latitude": "35.9"}),
    Page("a service off", "admin", ChangeKind.SERVICE, "cancel", "/catalogue/{service}/edit", SERVICE),
    Page(
        "a holiday",
        "admin",
        ChangeKind.HOLIDAY,
        "move",
        "/capacity/holidays",
        {"day": "1405/09/02", "name_fa": "تعطیل آزمون", "is_closed": "1", "is_confirmed": "1"},
    ),
]
"""Every one of them: `test_before_saving.py::test_every_form_that_can_take_time_stands_here`."""

TAKES_NO_TIME = {
    "/capacity/{office}/queues/new": "nobody can have an appointment in a queue that is not there yet",
    "/catalogue/new": "nobody can have an appointment for a service that is not there yet",
    "/offices/new": "nobody can have an appointment at an office that is not there yet",
}
"""Forms that share their handling with one of those, and why they need not ask."""
