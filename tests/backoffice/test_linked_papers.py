"""The page on which a clerk links two papers of the person at the counter, and takes that back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from desk.events.models import Event
from desk.people.models import Person
from desk.reading.folding import strip_bidi
from desk.staff.models import StaffMember
from desk.storage.base import ReadSession
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at

pytestmark = pytest.mark.sqlite
PAGE = "/today/papers"
OLD, NEW = "87654321", "P01234567"


async def sends(browser: Browser, site: Site, **over: str) -> tuple[int, str]:
    """The state and the text of the page that comes back, after what it leads to."""
    form = form_at((await browser.get(f"{PAGE}?office={site.world.office}")).text, PAGE)
    given = {"one": OLD, "other": NEW, "reason": "renewed", "seen": "1"} | over
    answer = await browser.post(PAGE, {**form.values, **{name: value for name, value in given.items() if value}})
    assert OLD not in answer.text
    assert NEW not in answer.text
    if answer.status_code == 303:
        return 303, strip_bidi((await browser.get(answer.headers["location"])).text)
    return answer.status_code, strip_bidi(answer.text)


async def linked(site: Site) -> int:
    def read(session: ReadSession) -> int:
        return session.scalar(select(func.count()).where(Person.link_id.is_not(None))) or 0

    return await site.storage.read(read)


async def test_two_papers_are_linked_and_the_link_is_taken_back(site: Site) -> None:
    clerk = await site.signed_in("clerk")
    state, page = await sends(clerk, site)
    assert (state, await linked(site)) == (303, 2)
    assert "از اکنون یک نفر حساب می‌شوند" in page
    state, page = await sends(clerk, site, reason="two_people")
    assert (state, await linked(site)) == (303, 0)
    assert "از اکنون دو نفر حساب می‌شوند" in page


@pytest.mark.parametrize(
    ("over", "field", "said"),
    [
        ({"seen": ""}, "seen", "اول اصل هر دو مدرک را به دست بگیرید"),
        ({"one": ""}, "first-number", ""),
        ({"other": OLD}, "second-number", "شمارهٔ مدرک اول است"),
        ({"reason": ""}, "reason", ""),
        ({"reason": "two_people"}, "second-number", "به هم وصل نیستند"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(site: Site, over: dict[str, str], field: str, said: str) -> None:
    clerk = await site.signed_in("clerk")
    state, page = await sends(clerk, site, **over)
    assert (state, await linked(site)) == (422, 0)
    assert f'id="{field}-reasons"' in page
    assert said in page


async def test_who_tries_which_papers_are_linked_is_counted(site: Site) -> None:
    clerk = await site.signed_in("clerk")
    await sends(clerk, site, reason="two_people")

    def read(session: ReadSession) -> int:
        return session.scalar(select(func.sum(StaffMember.number_misses))) or 0

    assert await site.storage.read(read) == 1


async def test_a_second_press_links_nothing_twice(site: Site) -> None:
    clerk = await site.signed_in("clerk")
    form = form_at((await clerk.get(f"{PAGE}?office={site.world.office}")).text, PAGE)
    sent = {**form.values, "one": OLD, "other": NEW, "reason": "renewed", "seen": "1"}
    assert [(await clerk.post(PAGE, sent)).status_code for _ in range(2)] == [303, 303]

    def read(session: ReadSession) -> int:
        return session.scalar(select(func.count()).where(Event.kind == "papers.linked")) or 0

    assert await site.storage.read(read) == 1


async def test_the_history_says_who_linked_them_and_why_and_no_number(site: Site) -> None:
    await sends(await site.signed_in("clerk"), site)
    page = strip_bidi((await (await site.signed_in("admin")).get("/history")).text)
    assert "دو مدرک یک نفر را به هم وصل کرد." in page
    assert "مدرک جدید جای مدرک قدیم را گرفته" in page
    assert OLD not in page


async def test_the_list_of_the_day_leads_to_it(site: Site) -> None:
    page = (await (await site.signed_in("clerk")).get(f"/today?office={site.world.office}")).text
    assert f'href="{PAGE}?office={site.world.office}"' in page
