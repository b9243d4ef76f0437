"""The page of a queue's whole week: a grid that is seen before it is saved, copied to other days and other queues."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.actions import save_queue
from desk.capacity.models import Slot
from desk.capacity.planned_hours import Hours
from desk.capacity.queries import rules_of
from desk.capacity.weeks import Week, week_on
from desk.language.text import Localised
from desk.reading.folding import strip_bidi
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers_hours
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import SentForm, form_at
from tests.backoffice.sheets import Form, booked, sure
from tests.makers import NOW, TODAY, acting

pytestmark = pytest.mark.sqlite

USUAL = Hours(8 * 60, 14 * 60, 15, 2)
"""The hours of the world's queue from Saturday to Wednesday."""


def week_of(site: Site, *, office: int | None = None, queue: int | None = None) -> str:
    return f"/capacity/{office or site.world.office}/queues/{queue or site.world.queue}/week"


async def opened(browser: Browser, address: str) -> SentForm:
    """The form of the week as it is opened."""
    return form_at((await browser.get(address)).text, address)


async def shown(browser: Browser, address: str, values: Form) -> tuple[str, Form]:
    """The page with the figures, and the form as its button «save» sends it."""
    answer = await browser.post(address, values | {"do": "show"})
    assert answer.status_code == 200, answer.text
    return strip_bidi(answer.text), form_at(answer.text, address).values | {"do": "save"}


def standing(session: ReadSession, queue_id: int) -> Week:
    """The week that the rules of the queue give today."""
    return week_on(rules_of(session, queue_id=queue_id), day=TODAY)


def second_queue(session: WriteSession, site: Site) -> int:
    return save_queue(
        session,
        office_id=site.world.office,
        name=Localised({"fa": "باجهٔ دوم"}),
        service_ids=[site.world.service],
        actor=acting(site.world.manager),
        now=NOW,
    )


@pytest.mark.requirement("000-13", "S")
async def test_a_week_is_seen_with_its_places_before_it_is_saved(site: Site) -> None:
    browser, address = await site.signed_in("manager"), week_of(site)
    form = (await opened(browser, address)).values
    evening: Form = {"d0r1-opens": "۱۶", "d0r1-closes": "۱۸:۳۰", "d0r1-counters": "۲", "d0r1-minutes": "۱۵"}

    page, save = await shown(browser, address, form | evening)
    before = await site.storage.read(standing, site.world.queue)
    saved = await browser.post(address, save)

    # Five days of 48 places, and twenty more on Saturdays.
    assert "۲۶۰ جا در هفته: ۲۰ جا بیشتر از پیش" in page
    assert "۴۸ ← ۶۸ جا" in page
    assert "احراز هویت، روز خالی بعدی: امروز، مانند پیش" in page
    assert before.days[0] == (USUAL,)
    assert saved.status_code == 303
    after = await site.storage.read(standing, site.world.queue)
    assert after.days[0] == (USUAL, Hours(16 * 60, 18 * 60 + 30, 15, 2))
    assert after.days[1:] == before.days[1:]

    def places(session: ReadSession) -> int | None:
        saturday = TODAY + timedelta(days=7)
        return session.scalar(
            select(func.sum(Slot.planned)).where(Slot.queue_id == site.world.queue, Slot.day == saturday)
        )

    assert await site.storage.read(places) == 68
    assert await site.storage.read(verify) == []


async def test_days_to_the_next_free_place_are_those_of_the_real_slots(site: Site) -> None:
    """A week on Thursdays alone: today is Saturday, so the next free place is five days away."""
    browser, address = await site.signed_in("manager"), week_of(site)
    thursdays: Form = {"d5r0-opens": "8", "d5r0-closes": "10", "d5r0-counters": "1", "d5r0-minutes": "30"}

    def nobody(session: WriteSession) -> None:
        for appointment in session.scalars(select(Appointment).where(Appointment.is_live)):
            appointment.is_live = False

    await site.storage.write(nobody)
    page, _save = await shown(browser, address, thursdays | {"valid_from": "1405/08/30"})

    assert "روز خالی بعدی: تاکنون امروز، با این تغییر ۵ روز دیگر" in page
    assert "۴ جا در هفته: ۲۳۶ جا کمتر از پیش" in page
    assert "نوبت هیچ‌کس از دست نمی‌رود" in page


async def test_whom_the_week_hits_is_counted_first_and_asked_about_before_it_is_saved(site: Site) -> None:
    people = await site.storage.write(booked, site)
    browser, address = await site.signed_in("manager"), week_of(site)
    form = (await opened(browser, address)).values
    late = form | {"d2r0-opens": "10"}

    page, save = await shown(browser, address, late)
    sheet = await browser.post(address, save)
    untouched = await site.storage.read(standing, site.world.queue)
    done = await browser.post(address, sure(save, sheet, remedy="cancel"))

    def states(session: ReadSession) -> list[AppointmentState]:
        return list(session.scalars(select(Appointment.state).where(Appointment.id.in_(people))))

    assert "وقت ۲ نفر از دست می‌رود" in page
    assert "هنوز چیزی تغییر نکرده است" in sheet.text
    assert untouched.days[2] == (USUAL,)
    assert done.status_code == 303
    assert (await site.storage.read(standing, site.world.queue)).days[2] == (Hours(600, 840, 15, 2),)
    assert set(await site.storage.read(states)) == {AppointmentState.CANCELLED_BY_OFFICE}
    assert await site.storage.read(verify) == []


async def test_the_buttons_of_a_day_change_the_form_and_save_nothing(site: Site) -> None:
    browser, address = await site.signed_in("manager"), week_of(site)
    form = (await opened(browser, address)).values
    before = await site.storage.read(standing, site.world.queue)

    more = await browser.post(address, form | {"do": "more-5", "d0r0-closes": "۱۲ و نیم"})
    added = form_at(more.text, address).values
    copied = form_at(
        (await browser.post(address, added | {"d5r0-counters": "7", "do": "copy-5", "to5": ["6"]})).text, address
    ).values
    less = form_at((await browser.post(address, copied | {"do": "less-5-0"})).text, address).values

    assert added["d0r0-closes"] == "۱۲ و نیم"  # what was typed stays, read or not
    assert (added["d5r0-opens"], added["d5r0-closes"]) == ("۰۸:۰۰", "۱۴:۰۰")
    assert 'name="d5r0-opens" type="text" value="۰۸:۰۰" autocomplete="off" inputmode="decimal" dir="ltr"' in more.text
    assert (copied["d6r0-counters"], copied["d6r0-opens"]) == ("7", "۰۸:۰۰")
    assert "d5r0-opens" not in less
    assert "d6r0-opens" in less
    assert await site.storage.read(standing, site.world.queue) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"d0r0-opens": "صبح"}, "لطفاً ساعت را مانند ۸:۳۰ بنویسید"),
        ({"d0r0-closes": "7"}, "ساعت پایان زودتر از ساعت شروع است"),
        ({"d0r0-counters": "0"}, "لطفاً عددی از ۱ تا ۲۰۰ بنویسید"),
        ({"d0r0-minutes": "400"}, "مدتی که برای هر نفر نوشتید از ساعت کار دفتر بیشتر است"),
        (
            {"d0r1-opens": "13", "d0r1-closes": "15", "d0r1-counters": "1", "d0r1-minutes": "15"},
            "این ساعت‌ها با ساعت‌های بالاتر همین روز روی هم می‌افتد",
        ),
        ({"valid_to": "1405/08/01"}, "روز پایان زودتر از روز شروع است"),
        ({"valid_from": "1405/08/01"}, "زودتر از امروز شروع نمی‌شود"),
    ],
)
async def test_what_does_not_fit_is_named_at_its_field(site: Site, change: Form, said: str) -> None:
    browser, address = await site.signed_in("manager"), week_of(site)
    form = (await opened(browser, address)).values

    answer = await browser.post(address, form | change | {"do": "show"})

    assert answer.status_code == 422
    assert said in answer.text
    assert all(form_at(answer.text, address).values[name] == value for name, value in change.items())


async def test_numbers_that_are_hardly_meant_are_asked_back_at_their_range(site: Site) -> None:
    browser, address = await site.signed_in("manager"), week_of(site)
    form = (await opened(browser, address)).values | {"d1r0-counters": "31"}

    page, save = await shown(browser, address, form)
    pressed_on = await browser.post(address, save)
    meant = await browser.post(address, save | {"is_meant": "1"})

    assert "بیش از ۳۰ باجه برای یک صف معمول نیست" in page
    assert pressed_on.status_code == 422
    assert meant.status_code == 303


async def test_what_was_changed_after_the_figures_is_shown_again_instead_of_saved(site: Site) -> None:
    browser, address = await site.signed_in("manager"), week_of(site)
    form = (await opened(browser, address)).values
    before = await site.storage.read(standing, site.world.queue)
    _page, save = await shown(browser, address, form | {"d1r0-counters": "3"})

    other = await browser.post(address, save | {"d1r0-counters": "4"})

    assert other.status_code == 200
    assert "۴۸ ← ۹۶ جا" in strip_bidi(other.text)
    assert await site.storage.read(standing, site.world.queue) == before


@pytest.mark.requirement("000-13", "S")
async def test_the_same_week_goes_to_other_queues_in_one_go_and_to_none_out_of_reach(site: Site) -> None:
    second = await site.storage.write(second_queue, site)
    manager, admin = await site.signed_in("manager"), await site.signed_in("admin")
    address = week_of(site)
    ticked: Form = {"also": [str(second), str(site.world.other_queue)]}
    form = (await opened(manager, address)).values

    own_page, save = await shown(manager, address, form | ticked)
    saved = await manager.post(address, save)
    far_page, far = await shown(admin, address, (await opened(admin, address)).values | {"offices": "72-2201"})

    assert save["also"] == [str(second)]  # the queue of the other province is not the manager's
    assert "۰ ← ۲۴۰ جا" in own_page
    assert saved.status_code == 303
    usual = await site.storage.read(standing, site.world.queue)
    assert await site.storage.read(standing, second) == usual
    assert await site.storage.read(standing, site.world.other_queue) != usual
    assert far["also"] == [str(site.world.other_queue)]
    assert "دفتر کفالت طرق" in far_page
    assert (await admin.post(address, far)).status_code == 303
    assert await site.storage.read(standing, site.world.other_queue) == usual
    assert await site.storage.read(verify) == []


async def test_hours_planned_for_later_are_named_with_their_day(site: Site) -> None:
    def plan(session: WriteSession) -> None:
        makers_hours.save_rule(
            session,
            queue_id=site.world.queue,
            weekday=6,
            opens=480,
            closes=600,
            minutes_per_person=15,
            counters=1,
            valid_from=TODAY + timedelta(days=30),
            actor=acting(site.world.manager),
            now=NOW,
        )

    await site.storage.write(plan)
    browser, address = await site.signed_in("manager"), week_of(site)
    page = strip_bidi((await browser.get(address)).text)
    form = (await opened(browser, address)).values

    refused = await browser.post(address, form | {"do": "show"})
    until, _save = await shown(browser, address, form | {"valid_to": (TODAY + timedelta(days=29)).isoformat()})

    assert "ساعت‌های بعدی:" in page
    assert refused.status_code == 422
    assert "از دوشنبه ۳۰ آذر ۱۴۰۵ ساعت دیگری نوشته شده است" in strip_bidi(refused.text)
    assert "ذخیرهٔ این هفته" in until


async def test_the_history_of_a_queue_says_who_changed_what_in_sentences(site: Site) -> None:
    browser, address = await site.signed_in("manager"), week_of(site)
    form = (await opened(browser, address)).values | {"d3r0-closes": "12", "d4r0-closes": "12"}
    _page, save = await shown(browser, address, form)
    await browser.post(address, save)

    told = strip_bidi((await (await site.signed_in("clerk")).get(address.replace("week", "history"))).text)

    assert "زهرا احمدی هفتهٔ صف باجهٔ احراز هویت را تغییر داد" in told
    assert (
        "سه‌شنبه و چهارشنبه از ۸:۰۰ تا ۱۲:۰۰، ۲ باجه، هر نفر ۱۵ دقیقه شد؛ "
        "پیش‌تر از ۸:۰۰ تا ۱۴:۰۰، ۲ باجه، هر نفر ۱۵ دقیقه بود."
    ) in told
    assert "جا در هفته ۲۰۸ شد؛ پیش‌تر ۲۴۰ بود." in told
