"""Every page that can affect appointments shows them before it saves, and saves at once where there are none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from backoffice.routes import TABLE
from desk.appointments.models import Appointment
from desk.capacity.models import CapacityException, Holiday, OpeningRule, Queue, ServiceStatus, Slot
from desk.catalogue.models import Service
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress
from desk.offices.models import Office
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Site
from tests.backoffice.forms_that_take_time import PAGES, TAKES_NO_TIME, Page
from tests.backoffice.reachable import bodies, names_from, sources
from tests.backoffice.sheets import NAMES, UNCHANGED, booked, sure

MAY_READ_NAMES = {"manager"}


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
