"""As many offices as the country has: lists are paged and searched, and one office is picked by a search."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from sqlalchemy import insert, select

from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.rules import OfficeKind, search_words
from desk.staff.models import RoleAssignment, StaffMember
from desk.storage.base import WriteSession
from tests import makers, makers_areas
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_statements import AT_MOST, MOST, counted

OFFICES = 2082
MOST_OPTIONS = 400
"""A select has every province at most, and a form of an account has a few rows of them."""


class Options(HTMLParser):
    """Counts what a page offers to choose from."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.number = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.number += tag == "option" or ("type", "radio") in attrs


def fill(session: WriteSession) -> None:
    """The offices of the country, all in one statement; every tenth is out of use."""
    makers_areas.make_province(session, code="IR-14")
    rows = []
    for number in range(OFFICES - 2):
        code, name = f"80-{number:04}", f"دفتر شمارهٔ {number}"
        texts = {"city": Localised({"fa": "شاه‌آباد"}), "name": Localised({"fa": name})}
        rows.append(
            {
                "code": code,
                "kind": OfficeKind.KEFALAT if number % 2 else OfficeKind.PISHKHAN,
                "province_code": "IR-14",
                **texts,
                "zone": "Asia/Tehran",
                "is_active": number % 10 != 0,
                "search_words": search_words(code, *texts.values()),
            }
        )
    session.execute(insert(Office), rows)


async def filled(site: Site) -> Site:
    await site.storage.write(fill)
    return site


async def office_of(site: Site, code: str) -> int:
    found: int = await site.storage.read(lambda s: s.scalars(select(Office.id).where(Office.code == code)).one())
    return found


PAGES = ("/offices", "/offices?page=3", "/offices/choose", "/today?office={office}", "/capacity", "/capacity/queues")
STAFF = ("/staff", "/staff/new", "/staff/{clerk}", "/changes", "/offices/choose?for=/capacity&q=80", "/inbox")


async def test_no_page_offers_every_office(site: Site) -> None:
    browser = await (await filled(site)).signed_in("admin")
    world = {name: getattr(site.world, name) for name in site.world.__slots__}
    seen = {}
    for page in (*PAGES, *STAFF):
        with counted(site.storage) as sent:
            answer = await browser.get(page.format(**world))
        few = len(sent) <= AT_MOST.get(page, MOST)
        seen[page] = (answer.status_code, few, Options(answer.text).number <= MOST_OPTIONS)
        assert len(answer.text) < 200_000, page

    assert {page: each for page, each in seen.items() if each != (200, True, True)} == {}


async def test_the_list_of_offices_is_walked_and_narrowed(site: Site) -> None:
    browser = await (await filled(site)).signed_in("admin")
    first, last = await browser.get("/offices"), await browser.get("/offices?page=999")
    narrowed = await browser.get("/offices?province=IR-14&kind=kefalat&state=out")
    closed = await browser.get("/offices?province=IR-14&kind=pishkhan&state=out&q=شاه آباد")

    assert first.text.count('class="item"') == 50
    assert "page=2" in first.text
    assert last.text.count('class="item"') == OFFICES % 50
    assert narrowed.text.count('class="item"') == 0
    assert 'href="/offices"' in narrowed.text.split("nothing-title")[1]
    assert "۲۰۸ دفتر" in closed.text


@pytest.mark.parametrize("typed", ["80-0017", "۸۰‑۰۰۱۷", "800017", "شماره ۰۰۱۷", "شاهاباد 800017"])
async def test_an_office_is_found_as_people_write_it(site: Site, typed: str) -> None:
    browser = await (await filled(site)).signed_in("admin")
    list_, choice = (
        await browser.get(f"/offices?q={typed}"),
        await browser.get(f"/offices/choose?q={typed}&for=/capacity"),
    )
    office = await office_of(site, "80-0017")

    assert f'href="/offices/{office}"' in list_.text
    assert f'href="/capacity?office={office}"' in choice.text


async def test_the_search_for_an_office_reaches_no_further_than_its_page(site: Site) -> None:
    browser = await (await filled(site)).signed_in("clerk")
    answer = await browser.get("/offices/choose?q=80&for=/today")
    for_staff = await browser.get("/offices/choose?row=r0&q=80")

    assert answer.status_code == 200
    assert "office=" not in answer.text.split("offices-found")[-1]
    assert for_staff.status_code == 403


async def test_a_role_at_one_office_of_many_is_given_without_script(site: Site) -> None:
    browser = await (await filled(site)).signed_in("admin")
    address = f"/staff/{site.world.clerk}"
    form = form_at((await browser.get(address)).text, address)
    assert form.values["r0-place"] == "office"
    assert form.values["r0-office"] == [str(site.world.office)]

    # The search step shows those found and saves nothing; the one of before is still chosen.
    looked = {**form.values, "r0-find": "80-001", "looks": "r0"}
    found = await browser.post(address, looked)
    office = await office_of(site, "80-0017")
    assert found.status_code == 200
    assert f'value="{office}"' in found.text
    assert Options(found.text).number <= MOST_OPTIONS

    # Saved with the old one beside a new search: asked back, not kept in silence.
    doubt = await browser.post(address, {**form.values, "r0-find": "80-001"})
    assert doubt.status_code == 422

    saved = await browser.post(address, {**form_at(found.text, address).values, "r0-office": str(office)})
    assert saved.status_code == 303
    held = select(RoleAssignment.office_id).where(RoleAssignment.staff_id == site.world.clerk)
    assert await site.storage.read(lambda session: session.scalars(held).all()) == [office]


async def test_a_search_for_an_office_that_finds_none_says_so_at_the_field(site: Site) -> None:
    browser = await (await filled(site)).signed_in("admin")
    form = form_at((await browser.get("/staff/new")).text, "/staff/new")
    sent = {**form.values, "username": "newclerk", "name": "نام تازه", "r0-role": "clerk", "r0-place": "office"}
    answer = await browser.post("/staff/new", {**sent, "r0-find": "هیچ‌جا"})

    assert answer.status_code == 422
    assert "با این دفتری پیدا نشد" in answer.text
    assert 'value="هیچ‌جا"' in answer.text


async def test_the_list_of_staff_is_walked_searched_and_narrowed(site: Site) -> None:
    def more(session: WriteSession) -> None:
        for number in range(60):
            makers.make_staff(session, username=f"many{number}", name=f"گل‌آغا یزدی {number}", province_code="IR-14")
        session.get_one(StaffMember, site.world.other_clerk).is_active = False

    await site.storage.write(more)
    browser = await site.signed_in("admin")

    async def items(query: str) -> int:
        return (await browser.get(f"/staff?{query}")).text.count('class="item"')

    assert await items("") == 50
    assert await items("page=99") == 60 + 7 - 50
    assert await items("q=گل آغا") == 50
    assert await items("q=گلاغا ۵۹") == await items("q=MANY59") == 1
    assert await items("province=IR-30") == 4
    assert await items("province=IR-30&role=office_manager") == 1
    assert await items("state=closed") == 1
    none = await browser.get("/staff?q=هیچ‌کس")
    assert "کسی پیدا نشد" in none.text
    assert 'href="/staff"' in none.text.split("nothing-title")[1]
