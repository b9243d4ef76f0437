"""The inbox narrowed by office, province and category: together, in an address, shown as set and taken out again."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote_plus, unquote_plus

import pytest

from desk.offices.models import Office
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from tests import makers
from tests.backoffice.conftest import Browser, Site
from tests.makers_cases import ask_question, file_complaint

KARAJ, MASHHAD = "IR-30", "IR-09"


def fill(session: WriteSession, *, site: Site) -> None:
    """Beside the world's own cases: a second office of Karaj, and cases without an office."""
    second = makers.make_office(session, code="72-1205", name="دفتر کفالت مهرشهر")
    file_complaint(session, office=second, category="VIOLENCE")
    file_complaint(session, office=second, category="KEPT_DOC")
    file_complaint(session, office=session.get_one(Office, site.world.other_office), category="VIOLENCE")
    ask_question(session, province_code=KARAJ)
    file_complaint(session, office=None, category="VIOLENCE")


async def at_the_inbox(site: Site, username: str) -> Browser:
    await site.storage.write(fill, site=site)
    return await site.signed_in(username)


async def rows(browser: Browser, query: str) -> int:
    """The rows of the list, after the way to the address that names the office by its code."""
    answer = await browser.get(f"/inbox?{query}")
    if answer.status_code == 303:
        answer = await browser.get(answer.headers["location"])
    assert answer.status_code == 200, query
    return answer.text.count("data-row")


def links(text: str, part: str) -> list[str]:
    """The addresses of a piece of the page."""
    return [
        unescape(each) for each in re.findall(r'<a [^>]*href="([^"]*)"', text.partition(part)[2].partition("</ul>")[0])
    ]


@pytest.mark.requirement("000-04", "M")
async def test_office_province_and_category_narrow_alone_and_together(site: Site) -> None:
    browser = await at_the_inbox(site, "admin")
    every = await rows(browser, "")
    counted = {
        query: await rows(browser, query)
        for query in (
            f"province={KARAJ}",
            f"province={MASHHAD}",
            "category=VIOLENCE",
            "office=72-1205",
            "office=۷۲‑۱۲۰۵",
            "office=مهر شهر",
            f"category=VIOLENCE&province={KARAJ}",
            f"category=VIOLENCE&province={KARAJ}&office=72-1205&kind=complaint&state=received&who=nobody",
            "category=KEPT_DOC&office=72-2201",
            "kind=question&category=VIOLENCE",
        )
    }

    assert every == 8
    # The world: a complaint and a question at Golshahr, a complaint at Toroq.
    assert list(counted.values()) == [5, 2, 3, 2, 2, 2, 1, 1, 0, 0], counted


async def test_an_office_found_by_its_name_stands_in_the_address_by_its_code(site: Site) -> None:
    browser = await at_the_inbox(site, "province")

    answer = await browser.get("/inbox?office=مهرشهر&category=VIOLENCE&late=")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/inbox?category=VIOLENCE&office=72-1205"


async def test_where_several_offices_fit_they_are_offered_with_the_other_filters(site: Site) -> None:
    browser = await at_the_inbox(site, "province")

    text = (await browser.get("/inbox?office=دفتر&category=VIOLENCE")).text
    offered = links(text, "which-office")

    assert text.count("data-row") == 0
    assert offered == ["/inbox?category=VIOLENCE&office=72-1101", "/inbox?category=VIOLENCE&office=72-1205"]
    assert await rows(browser, offered[1].partition("?")[2]) == 1


async def test_an_office_beyond_the_reach_answers_as_one_that_is_not_there(site: Site) -> None:
    browser = await at_the_inbox(site, "province")
    for beyond, nowhere in (("72-2201", "72-9999"), ("طرق", "ناکجا"), ("دفتر کفالت طرق", "دفتر کفالت ناکجا")):
        pages = []
        for word in (beyond, nowhere):
            answer = await browser.get(f"/inbox?office={word}")
            assert answer.status_code == 200
            text = answer.text.replace(word, "…").replace(quote_plus(word), "…")
            pages.append(re.sub(r'(name="_\w+" value=)"[^"]+"', r"\1", text))
        assert "پیدا نشد" in pages[0]
        assert pages[0].count("data-row") == 0
        assert pages[0] == pages[1], beyond
    # To compare: within the scope the same word finds the office.
    national = await site.signed_in("admin")
    assert (await national.get("/inbox?office=طرق")).headers["location"] == "/inbox?office=72-2201"


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("province=IR-99", "چنین استانی در حوزهٔ شما نیست"),
        (f"province={MASHHAD}", "چنین استانی در حوزهٔ شما نیست"),
        ("province=' OR 1=1", "چنین استانی در حوزهٔ شما نیست"),
        ("category=NONE", "چنین موضوعی نداریم"),
        ("category=%00%F0", "چنین موضوعی نداریم"),
        ("office=%00%25", "پیدا نشد"),
        ("office=؟!", "پیدا نشد"),
        ("office=" + "9" * 400, "پیدا نشد"),
        ("office=%25", "پیدا نشد"),
    ],
)
@pytest.mark.parametrize("username", ["province", "officer"])
async def test_what_names_nothing_says_so_and_lists_nothing(site: Site, username: str, query: str, why: str) -> None:
    browser = await at_the_inbox(site, username)

    answer = await browser.get(f"/inbox?{query}")

    assert answer.status_code == 200
    assert why in strip_bidi(answer.text)
    assert answer.text.count("data-row") == 0
    assert 'href="/inbox"' in answer.text.partition('id="cases"')[2]


async def test_filters_are_shown_as_set_and_taken_out_one_by_one(site: Site) -> None:
    browser = await at_the_inbox(site, "admin")
    asked = f"state=received&kind=complaint&category=VIOLENCE&province={KARAJ}&office=72-1205&who=nobody&q=بیشتر"

    text = (await browser.get(f"/inbox?{asked}")).text
    *single, every = links(text, 'class="chosen"')
    shown = strip_bidi(re.sub(r"<[^>]+>", "", text.partition('class="chosen"')[2].partition("</ul>")[0]))

    assert text.count("data-row") == 1
    for label in ("استان: البرز", "دفتر کفالت مهرشهر", "برخورد خشن یا کتک", "کلمه‌ها: بیشتر"):
        assert label in shown, shown
    assert every == "/inbox"
    assert len(single) == 7
    whole = set(asked.split("&"))
    taken_out = [whole - set(unquote_plus(address).partition("?")[2].split("&")) for address in single]
    assert sorted(len(each) for each in taken_out) == [1] * 7
    assert set.union(*taken_out) == whole


async def test_pages_keep_the_filters(site: Site) -> None:
    def many(session: WriteSession) -> None:
        for _ in range(30):
            file_complaint(session, office=session.get_one(Office, site.world.office), category="BROKER")

    await site.storage.write(many)
    browser = await site.signed_in("admin")

    first = (await browser.get(f"/inbox?category=BROKER&province={KARAJ}&office=72-1101")).text
    following = unescape(re.findall(r'href="([^"]*)" rel="next"', first)[0])

    assert first.count("data-row") == 25
    assert following == f"/inbox?category=BROKER&province={KARAJ}&office=72-1101&page=2"
    assert (await browser.get(following)).text.count("data-row") == 5


async def test_an_empty_list_says_which_filters_are_set_and_leads_back(site: Site) -> None:
    browser = await at_the_inbox(site, "province")

    text = (await browser.get(f"/inbox?category=BROKER&province={KARAJ}")).text
    nothing = strip_bidi(text.partition('id="cases"')[2])

    assert "انتخاب شما: " in nothing
    assert "استان: البرز" in nothing
    assert 'href="/inbox"' in nothing


async def test_only_what_can_narrow_is_offered(site: Site) -> None:
    offered = {}
    for username in ("admin", "province", "officer"):
        text = (await (await site.signed_in(username)).get("/inbox")).text
        offered[username] = [name for name in ("category", "province", "office") if f'name="{name}"' in text]

    assert offered == {"admin": ["category", "province", "office"], "province": ["category", "office"], "officer": []}


@pytest.mark.parametrize(
    ("typed", "category"),
    [
        ("برخورد", "VIOLENCE"),
        ("برخورد خشن", "VIOLENCE"),
        ("نوبت‌فروشی", "BROKER"),
        ("نوبت فروشي", "BROKER"),
        ("نوبتفروشی", "BROKER"),
        ("مشخصات اشتباه", "WRONG_DATA"),
        ("مهرشهر بی احترامی", "DISRESPECT"),
        ("خطر برخورد", "VIOLENCE"),
        ("رسیده بررسی رد", None),
        ("برخور", None),
    ],
)
async def test_what_the_row_says_finds_its_case(site: Site, typed: str, category: str | None) -> None:
    def fill(session: WriteSession) -> dict[str, int]:
        office = makers.make_office(session, code="72-1205", name="دفتر کفالت مهرشهر")
        kinds = ("VIOLENCE", "BROKER", "WRONG_DATA", "DISRESPECT", "SUGGESTION")
        return {each: file_complaint(session, office=office, category=each, text=None).case_id for each in kinds}

    made = await site.storage.write(fill)
    browser = await site.signed_in("province")

    text = (await browser.get(f"/inbox?q={typed}")).text

    assert re.findall(r'id="case-(\d+)"', text) == ([str(made[category])] if category else [])


async def test_the_labels_of_state_kind_and_severity_find_their_cases_in_either_language(site: Site) -> None:
    browser = await at_the_inbox(site, "admin")
    await browser.post(f"/inbox/{site.world.complaint}/reply", {"text": "با دفتر صحبت کردیم.", "key": "k1"})
    found = {
        typed: await rows(browser, f"q={typed}")
        for typed in ("پاسخ داده شده", "جواب داده‌شده", "جديد", "پرسش", "خطر", "شكايت خطر", "شکایت پرسش")
    }

    assert list(found.values()) == [1, 1, 7, 2, 4, 4, 0], found
