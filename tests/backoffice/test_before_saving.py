"""Every page that can affect appointments shows them before it saves, and saves at once where there are none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.routes import TABLE
from desk.acting import SYSTEM
from desk.appointments.models import Appointment
from desk.capacity import actions as capacity
from desk.capacity.models import CapacityException, ExceptionKind, Holiday, OpeningRule, Queue, ServiceStatus, Slot
from desk.capacity.rules import DayHours
from desk.catalogue.models import Service
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress
from desk.language.text import Localised
from desk.offices.models import Office
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.reachable import bodies, names_from, sources
from tests.backoffice.sheets import MONDAY, NAMES, SHUT, UNCHANGED, Form, booked, sure
from tests.makers import NOW
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


RULE: Form = {
    "weekdays": ["2"],
    "opens": "8",
    "closes": "14",
    "counters": "2",
    "minutes_per_person": "15",
    "valid_from": "1405/08/30",
    "valid_to": "",
    "shown": "1",
}
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
MAY_READ_NAMES = {"manager"}
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
    capacity.delete_rule(session, rule_id=site.world.rule + 2, actor=SYSTEM, now=NOW)
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
    Page("a later start", "manager", ChangeKind.RULE, "move", QUEUE + "/rules/{rule}", RULE | {"opens": "10"}),
    Page("fewer counters", "manager", ChangeKind.RULE, "move", QUEUE + "/rules/{rule}", RULE | {"counters": "1"}),
    Page("a rule out", "manager", ChangeKind.RULE, "move", QUEUE + "/rules/{rule}/delete", {}),
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
"""Every form that can take time from people, with what it sends: `test_every_form_that_can_take_time_stands_here`."""

TAKES_NO_TIME = {
    "/capacity/{office}/queues/new": "nobody can have an appointment in a queue that is not there yet",
    "/capacity/{office}/queues/{queue}/rules": "more hours take none away; hours in their way are refused",
    "/catalogue/new": "nobody can have an appointment for a service that is not there yet",
    "/offices/new": "nobody can have an appointment at an office that is not there yet",
}
"""Forms that share their handling with one of those, and why they need not ask."""


def forms_that_ask_first() -> set[str]:
    """The forms whose handler may show the confirmation page, read from the source."""
    found = bodies(sources("backoffice"))
    asking = "backoffice.consequences.asking_first.ask_first"
    addresses = set()
    for route in TABLE:
        if route.method == "POST" and route.async_handler is not None:
            called = getattr(route.async_handler, "func", route.async_handler)
            name = f"{called.__module__}.{called.__qualname__.partition('.')[0]}"
            if asking in names_from(found, begin=name):
                addresses.add(route.path.replace(":int", ""))
    return addresses


def test_every_form_that_can_take_time_stands_here() -> None:
    asking = forms_that_ask_first()

    assert len(asking) > 5
    assert asking == {page.address for page in PAGES} | TAKES_NO_TIME.keys()


def whole(session: ReadSession) -> list[Any]:
    """Everything that one of these pages might change."""
    found: list[Any] = []
    for table in (
        *(CapacityException, Holiday, OpeningRule, Queue, Office, Service, ServiceStatus, Slot, Appointment),
        Change,
    ):
        found += [tuple(row) for row in session.execute(select(table.__table__).order_by(table.__table__.c.id))]
    return found


@pytest.mark.sqlite
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_nothing_is_saved_before_it_is_confirmed(site: Site, page: Page) -> None:
    more = await site.storage.write(page.prepare, site)
    people = await site.storage.write(booked, site)
    browser = await site.signed_in(page.who)
    form = await page.sent(browser, site, more)
    before = await site.storage.read(whole)
    asked = await browser.post(page.filled(site), form)
    assert (asked.status_code, UNCHANGED in asked.text) == (200, True), asked.text
    assert await site.storage.read(whole) == before
    assert page.who not in MAY_READ_NAMES or any(name in asked.text for name in NAMES[:2])
    # The words for the people are needed for what is offered first, so nothing there calls them optional.
    if page.kind in (ChangeKind.RULE, ChangeKind.QUEUE):
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", asked.text, re.DOTALL)
        assert heading is not None
        assert "باجه" in heading[1]  # which of the queues it is about
    label = re.search(r'<label class="form-label" for="[^"]*words"[^>]*>(.*?)</label>', asked.text)
    assert label is not None
    assert "(اختیاری)" not in label[1]

    done = await browser.post(page.filled(site), sure(form, asked, remedy=page.remedy))
    assert done.status_code == 303, done.text
    change = re.fullmatch(r"/changes/(\d+)", done.headers["location"])
    assert change is not None

    def told(session: ReadSession) -> tuple[ChangeKind, list[int], list[Progress]]:
        kind = session.scalars(select(Change.kind).where(Change.id == int(change[1]))).one()
        rows = list(session.scalars(select(ChangedAppointment).where(ChangedAppointment.change_id == int(change[1]))))
        return kind, [row.appointment_id for row in rows], [row.step for row in rows]

    kind, hit, steps = await site.storage.read(told)
    assert kind is page.kind
    assert set(people) >= set(hit) != set()
    assert Progress.WAITING not in steps
    assert (await browser.get(done.headers["location"])).status_code == 200
    assert await site.storage.read(verify) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_where_nobody_is_hit_it_is_saved_at_once_and_says_so(site: Site, page: Page) -> None:
    def nobody(session: WriteSession) -> None:
        for appointment in session.scalars(select(Appointment).where(Appointment.is_live)):
            appointment.is_live = False

    more = await site.storage.write(page.prepare, site)
    await site.storage.write(nobody)
    browser = await site.signed_in(page.who)
    before = await site.storage.read(whole)
    done = await browser.post(page.filled(site), await page.sent(browser, site, more))
    assert done.status_code == 303
    assert "نوبت کسی تغییر نمی‌کند" in (await browser.get(done.headers["location"])).text
    assert await site.storage.read(whole) != before


@pytest.mark.sqlite
async def test_the_sheet_of_an_address_speaks_of_an_address(site: Site) -> None:
    page = next(each for each in PAGES if each.kind is ChangeKind.ADDRESS)
    await site.storage.write(booked, site)
    browser = await site.signed_in(page.who)
    asked = await browser.post(page.filled(site), page.data(site))
    assert "برق همهٔ خیابان" not in asked.text
    # Of what is told only what can be chosen.
    service = next(each for each in PAGES if each.kind is ChangeKind.SERVICE)
    off = await (await site.signed_in(service.who)).post(service.filled(site), service.data(site))
    assert ["لغو: پیامی" in off.text, "جابه‌جایی: پیامی" in off.text] == [True, False]
    assert "دفتر به ساختمان بزرگ‌تری رفته است" in asked.text
