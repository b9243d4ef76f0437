"""Each address that changes something is listed here by hand: it carries a version, or it says why it needs none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select, update

from backoffice.forms.versions import EditForm
from backoffice.routes import TABLE
from backoffice.web import keys
from desk.acting import SYSTEM
from desk.appointments.models import Appointment
from desk.capacity import actions as capacity
from desk.capacity.models import ExceptionKind
from desk.catalogue.models import ServiceFee, ServicePaper, ServiceStep
from desk.language.text import Localised
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.staff.models import StaffMember
from desk.storage.base import WriteSession
from tests.backoffice.all_rows import everything
from tests.backoffice.conftest import IDENTITY_KEY, Browser, Site
from tests.backoffice.forms import SentForm, form_at
from tests.backoffice.forms_without_version import NEEDS_NONE
from tests.makers import NOW, TODAY
from tests.weak_hashes import digest

pytestmark = pytest.mark.sqlite

Typed = Mapping[str, str | list[str]]

OUTDATED = "ffffffff"
"""A version that matches no values."""
DIFFERS = TODAY.replace(month=12, day=6)
"""A day of the queue that differs already, and a holiday of the world's stands on 1 December."""


@dataclass(frozen=True)
class Form:
    """A form: whose it is, the page it stands on, where it goes, what is typed, and the field with its version."""

    name: str
    who: str
    page: str
    address: str
    typed: Typed = field(default_factory=dict)
    version: str = "_version"
    status: int = 409

    def __str__(self) -> str:
        return f"{self.name} {self.page}"


QUEUE = "/capacity/{office}/queues/{queue}"
OF_QUEUE = "POST /capacity/{office:int}/queues/{queue:int}"
OF_SERVICE = "POST /catalogue/{service:int}"
SERVICE = "/catalogue/{service}"
CASE = "/inbox/{complaint}"
NAME = "/today/{appointments[0]}/name"
WISHES, HELP = "/today/{appointments[0]}/wishes", "/offices/{office}/assistance"
LINE = "/offices/{office}/line"
SHEETS, SHEET = "/capacity/worksheets", "/capacity/worksheets/{worksheet}"
MARSHALS, DUTY = "/capacity/marshals", "/capacity/{office}/duty"
ASKING = "/after-visits/asking"
RECORD, REQUIRED = "/today/{appointments[0]}/record", f"{SERVICE}/required"
LEAVE = "/capacity/{office}/leave/{leave}"
DAY: Typed = {"day": "1405/09/15", "kind": "closed", "reason": "تعمیر"}

VERSIONED = [
    Form(f"{OF_QUEUE}/edit", "manager", f"{QUEUE}/edit", f"{QUEUE}/edit", {"name_fa": "باجهٔ نو"}),
    Form(
        "POST /capacity/{office:int}/services/{service:int}/horizon",
        "manager",
        "/capacity/{office}/services/{service}/horizon",
        "/capacity/{office}/services/{service}/horizon",
        {"days_ahead": "9"},
    ),
    Form(f"{OF_QUEUE}/week", "manager", f"{QUEUE}/week", f"{QUEUE}/week", {"d0r0-counters": "3"}),
    Form(f"{OF_QUEUE}/worksheet", "manager", f"{QUEUE}/worksheet", f"{QUEUE}/worksheet", {"d0r0-counters": "3"}),
    Form(
        "POST /capacity/worksheets/{worksheet:int}", "province", SHEET, SHEET, {"state": "returned", "reason": "دلیل"}
    ),
    Form("POST /capacity/marshals", "province", MARSHALS, MARSHALS, {"conditions": "دیپلم"}),
    Form("POST /after-visits/asking", "province", ASKING, ASKING, {"ask_at": "19:00"}),
    Form("POST /capacity/{office:int}/duty", "manager", DUTY, DUTY, {"off": "{clerk}:2026-11-21"}),
    Form("POST /capacity/{office:int}/leave/{leave:int}", "manager", DUTY, LEAVE, {"do": "decline", "word": "نه"}),
    Form("POST /capacity/worksheets/approval", "province", SHEETS, f"{SHEETS}/approval", {"is_needed": "yes"}),
    Form(f"{OF_QUEUE}/quotas", "manager", f"{QUEUE}/quotas", f"{QUEUE}/quotas", {"most_1": "3"}),
    Form(f"{OF_QUEUE}/shares", "manager", f"{QUEUE}/shares", f"{QUEUE}/shares", {"desk": "25"}),
    Form(f"{OF_QUEUE}/days", "manager", f"{QUEUE}/days", f"{QUEUE}/days", DAY),
    Form(f"{OF_QUEUE}/days/clear", "manager", f"{QUEUE}/days", f"{QUEUE}/days/clear"),
    Form(
        "POST /capacity/holidays",
        "admin",
        "/capacity/holidays?day=2026-12-01",
        "/capacity/holidays",
        {"name_fa": "نام تازه"},
    ),
    Form(
        "POST /capacity/holidays",
        "admin",
        "/capacity/holidays",
        "/capacity/holidays",
        {"day": "1405/09/10", "name_fa": "نام تازه"},
    ),
    Form(
        "POST /capacity/holidays",
        "province",
        "/capacity/holidays?day=2026-12-02&province=IR-30",
        "/capacity/holidays",
        {"name_fa": "نام تازه"},
    ),
    Form(
        "POST /capacity/holidays/{holiday:int}/delete",
        "admin",
        "/capacity/holidays",
        "/capacity/holidays/{holiday}/delete",
    ),
    Form(f"{OF_SERVICE}/edit", "admin", f"{SERVICE}/edit", f"{SERVICE}/edit", {"keywords": "کارت"}),
    Form(f"{OF_SERVICE}/confirm", "admin", SERVICE, f"{SERVICE}/confirm"),
    Form(f"{OF_SERVICE}/fees/{{fee:int}}/confirm", "admin", f"{SERVICE}/fees", f"{SERVICE}/fees/{{fee}}/confirm"),
    Form(
        f"{OF_SERVICE}/fees/{{fee:int}}/end",
        "admin",
        f"{SERVICE}/fees",
        f"{SERVICE}/fees/{{fee}}/end",
        {"last_day": "1405/12/01"},
    ),
    Form(
        f"{OF_SERVICE}/papers/{{paper:int}}",
        "admin",
        f"{SERVICE}/papers?paper={{paper}}",
        f"{SERVICE}/papers/{{paper}}",
        {"note_fa": "اصل"},
    ),
    Form(
        f"{OF_SERVICE}/papers/{{paper:int}}/move",
        "admin",
        f"{SERVICE}/papers",
        f"{SERVICE}/papers/{{paper}}/move",
        {"how": "out"},
    ),
    Form(
        f"{OF_SERVICE}/steps/{{step:int}}",
        "admin",
        f"{SERVICE}/steps?step={{step}}",
        f"{SERVICE}/steps/{{step}}",
        {"agency_fa": "پلیس"},
    ),
    Form(
        f"{OF_SERVICE}/steps/{{step:int}}/move",
        "admin",
        f"{SERVICE}/steps",
        f"{SERVICE}/steps/{{step}}/move",
        {"how": "out"},
    ),
    Form(f"{OF_SERVICE}/required", "admin", REQUIRED, REQUIRED, {"fields_fa": "نام", "source_fa": "بخشنامه"}),
    Form("POST /today/{appointment:int}/wishes", "clerk", WISHES, WISHES, {"woman_clerk": "arranged"}),
    Form("POST /offices/{office:int}/assistance", "manager", HELP, HELP, {"pashto": "none"}),
    Form("POST /offices/{office:int}/line", "manager", LINE, LINE, {"late_after": "15"}),
    Form("POST /today/{appointment:int}/name", "clerk", NAME, NAME, {"number": "P01234567", "name": "گل‌آغا"}),
    Form(
        "POST /waiting/requests/{waiting:int}",
        "clerk",
        "/waiting/requests/{waiting}",
        "/waiting/requests/{waiting}",
        {"priority": "{priority}", "reason": "seen"},
    ),
    Form(
        "POST /waiting/classes/{priority:int}",
        "admin",
        "/waiting/classes/{priority}",
        "/waiting/classes/{priority}",
        {"days": "9"},
    ),
    Form(
        "POST /draws/setting",
        "admin",
        "/draws/setting?service={service}&province=IR-30",
        "/draws/setting",
        {"priority_share": "30", "reason": "کمیاب است"},
    ),
    Form("POST /offices/{office:int}", "manager", "/offices/{office}", "/offices/{office}", {"name_fa": "نام تازه"}),
    Form(
        "POST /offices/{office:int}/services/{service:int}",
        "province",
        "/offices/{office}/services/{service}",
        "/offices/{office}/services/{service}",
        {"state": "warned", "basis": "directive", "reason": "ازدحام"},
    ),
    Form("POST /staff/{member:int}", "manager", "/staff/{clerk}", "/staff/{clerk}", {"name": "مریم کاظمی‌فر"}),
    Form("POST /inbox/{case:int}/state", "province", CASE, f"{CASE}/state", {"to": "with_unit"}),
    Form("POST /inbox/{case:int}/assign", "province", CASE, f"{CASE}/assign", {"take": "1"}),
    Form("POST /inbox/{case:int}/assign", "province", f"{CASE}/assign", f"{CASE}/assign", {"to": "{province_officer}"}),
    # The thread says it: the last line that stood on the page.
    Form("POST /inbox/{case:int}/reply", "province", CASE, f"{CASE}/reply", {"text": "پاسخ"}, "seen", 422),
    Form("POST /inbox/{case:int}/close", "province", CASE, f"{CASE}/close", {"reason": "not_ours"}, "seen", 422),
]
"""A press of these with an outdated version is refused, and nothing is saved."""

CREATES = [
    Form(
        "POST /capacity/{office:int}/queues/new",
        "manager",
        "/capacity/{office}/queues/new",
        "/capacity/{office}/queues/new",
        {"name_fa": "صف", "services": "{service}"},
    ),
    Form(f"{OF_QUEUE}/days", "manager", f"{QUEUE}/days", f"{QUEUE}/days", {**DAY, "day": "1405/10/06"}),
    Form(
        "POST /capacity/holidays",
        "admin",
        "/capacity/holidays",
        "/capacity/holidays",
        {"day": "1405/10/05", "name_fa": "نام"},
    ),
    Form(
        "POST /catalogue/new",
        "admin",
        "/catalogue/new",
        "/catalogue/new",
        {"code": "new-one", "title_fa": "خدمت", "short_title_fa": "خدمت"},
    ),
    Form(
        "POST /waiting/classes/new",
        "admin",
        "/waiting/classes/new",
        "/waiting/classes/new",
        {"name_fa": "باردار", "days": "7"},
    ),
    Form(
        "POST /draws/new",
        "admin",
        "/draws/new?service={service}&province=IR-30",
        "/draws/new",
        {
            "first_day": "1405/10/01",
            "last_day": "1405/10/01",
            "closes_day": "1405/09/24",
            "closes_time": "12:00",
            "figure_name": "شاخص پایانی بورس آن روز",
            "figure_digits": "7",
        },
    ),
    Form(
        f"{OF_SERVICE}/fees",
        "admin",
        f"{SERVICE}/fees",
        f"{SERVICE}/fees",
        {"amount": "1000", "valid_from": "1405/12/01", "source_fa": "بخشنامه"},
    ),
    Form(
        f"{OF_SERVICE}/papers/{{paper:int}}",
        "admin",
        f"{SERVICE}/papers",
        f"{SERVICE}/papers/0",
        {"title_fa": "اصل برگه"},
    ),
    Form(f"{OF_SERVICE}/steps/{{step:int}}", "admin", f"{SERVICE}/steps", f"{SERVICE}/steps/0", {"title_fa": "گام"}),
    Form(
        "POST /offices/new",
        "province",
        "/offices/new",
        "/offices/new",
        {"code": "72-9901", "kind": "pishkhan", "province": "IR-30", "city_fa": "شهر", "name_fa": "دفتر"},
    ),
    Form(
        "POST /staff/new",
        "manager",
        "/staff/new",
        "/staff/new",
        {"username": "newcomer", "name": "نام", "r0-role": "clerk", "r0-place": "office:{office}"},
    ),
    Form(
        "POST /capacity/close",
        "manager",
        "/capacity/close",
        "/capacity/close",
        {"place": "office:{office}", "reason": "power", "closing_sure": "1"},
    ),
    Form("POST /today/{appointment:int}/record", "clerk", RECORD, RECORD, {"reference": "123456", "amount": "27000"}),
    Form("POST /today/report", "clerk", "/today/report?office={office}", "/today/report", {"sign": "list"}),
    Form(
        "POST /offices/{office:int}/line/stop",
        "manager",
        f"{LINE}/stop",
        f"{LINE}/stop",
        {"reason": "network", "do": "stop"},
    ),
    Form("POST /inbox/{case:int}/note", "province", CASE, f"{CASE}/note", {"text": "یادداشت"}),
    Form("POST /inbox/{case:int}/reply", "province", CASE, f"{CASE}/reply", {"text": "پاسخ"}),
]
"""Each press of these makes something new; a second one with the key of the form makes nothing."""


def test_every_address_that_changes_something_is_listed() -> None:
    there = {route.name for route in TABLE if route.method == "POST"}
    versioned, creates = {form.name for form in VERSIONED}, {form.name for form in CREATES}

    assert sorted(there ^ (versioned | creates | set(NEEDS_NONE))) == [], (
        "VERSIONED where it changes what stands there, CREATES where it makes something, or NEEDS_NONE with the reason"
    )
    assert not set(NEEDS_NONE) & (versioned | creates)


@pytest.mark.parametrize("form", VERSIONED, ids=str)
async def test_an_outdated_version_is_stopped_and_the_present_one_goes_through(site: Site, form: Form) -> None:
    browser, sent, address = await opened(site, form)
    assert sent.values.get(form.version), "the page carries no version"
    before = await site.storage.read(everything)

    stopped = await browser.post(address, {**sent.values, form.version: outdated(form)})

    assert stopped.status_code == form.status
    assert 'role="alert"' in stopped.text or 'class="reasons"' in stopped.text
    assert await site.storage.read(everything) == before
    assert (await browser.post(address, sent.values)).status_code in (200, 303)


@pytest.mark.parametrize("form", [*VERSIONED, *CREATES], ids=str)
async def test_a_second_press_changes_nothing(site: Site, form: Form) -> None:
    browser, sent, address = await opened(site, form)
    assert sent.values.get(keys.FIELD), "the page carries no key"
    before = await site.storage.read(everything)

    await browser.post(address, sent.values)
    once = await site.storage.read(everything)
    await browser.post(address, sent.values)

    assert await site.storage.read(everything) == once
    # Of weekly hours the first press only shows what they come to.
    assert (once != before) is (form.name not in (f"{OF_QUEUE}/week", f"{OF_QUEUE}/quotas", f"{OF_QUEUE}/shares"))


@pytest.mark.parametrize("form", [each for each in VERSIONED if each.version == "_version"], ids=str)
async def test_without_the_comparison_an_outdated_version_is_not_stopped(
    site: Site, monkeypatch: pytest.MonkeyPatch, form: Form
) -> None:
    """Without the guard: forms that do not compare versions."""
    for name in ("require_unchanged", "require_listed", "compare"):
        monkeypatch.setattr(EditForm, name, lambda *_given, **_rest: None)
    browser, sent, address = await opened(site, form)

    answer = await browser.post(address, {**sent.values, form.version: outdated(form)})

    assert answer.status_code in (200, 303)


async def opened(site: Site, form: Form) -> tuple[Browser, SentForm, str]:
    """The form as somebody opened it and filled it in, and where it goes."""
    ids = await site.storage.write(furnish, site)
    page, address = form.page.format(**ids), form.address.format(**ids)
    browser = await site.signed_in(form.who)
    sent = form_at((await browser.get(page)).text, address)
    typed = {name: value.format(**ids) if isinstance(value, str) else value for name, value in form.typed.items()}
    sent.values |= typed
    return browser, sent, address


def outdated(form: Form) -> str:
    """A version that somebody's older page might carry."""
    return "0" if form.version == "seen" else OUTDATED


def furnish(session: WriteSession, site: Site) -> dict[str, Any]:
    """A day that differs, a closure of the province, and a fee that waits to be confirmed; the ids of everything."""
    world = site.world
    capacity.set_exception(
        session, queue_id=world.queue, day=DIFFERS, kind=ExceptionKind.CLOSED, reason="آب", actor=SYSTEM, now=NOW
    )
    capacity.save_holiday(
        session,
        day=DIFFERS.replace(day=2),
        name=Localised({"fa": "آلودگی هوا"}),
        is_confirmed=True,
        province_code="IR-30",
        actor=SYSTEM,
        now=NOW,
    )
    session.execute(update(ServiceFee).values(confirmed_on=None))
    of_first = select(Appointment.person_id).where(Appointment.id == world.appointments[0]).scalar_subquery()
    paper = digest("P01234567", kind=DocumentKind.OTHER, key=IDENTITY_KEY)
    session.execute(update(Person).where(Person.id == of_first).values(identity_hash=paper.hash))
    ids = {name: getattr(world, name) for name in world.__slots__}
    return ids | {
        "paper": session.scalars(select(ServicePaper.id).order_by(ServicePaper.position)).first(),
        "province_officer": session.scalars(select(StaffMember.id).where(StaffMember.username == "province")).one(),
        "step": session.scalars(select(ServiceStep.id)).first(),
    }
