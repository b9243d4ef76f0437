"""Bringing in weekly hours by a workbook: each queue's old and new week is seen first, then all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from backoffice.brought_in import chosen, hours
from backoffice.brought_in.hour_rows import FIELDS
from backoffice.brought_in.sheets import rows_of
from desk.capacity.approval import set_approval
from desk.capacity.models import OpeningRule, Queue, Slot
from desk.capacity.planned_hours import Hours
from desk.capacity.queries import rules_of
from desk.capacity.weeks import Week, week_on
from desk.events.models import Event
from desk.language.text import Localised
from desk.organisation import NATION
from desk.reading.folding import persian_digits, strip_bidi
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests import makers, makers_hours
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.sheets import booked
from tests.backoffice.test_bringing_in import sent_file as office_file
from tests.backoffice.workbooks import Cell, workbook
from tests.makers import NOW, TODAY, acting

PATH = "/capacity/bring-in"
USUAL = Hours(8 * 60, 14 * 60, 15, 2)
ROW: Mapping[str, str] = {
    "code": "72-1101",
    "queue": "باجهٔ احراز هویت",
    "weekday": "پنجشنبه",
    "opens": "۸:۰۰",
    "closes": "۱۲:۰۰",
    "counters": "۱",
    "minutes": "۱۵",
    "valid_from": "",
    "valid_to": "",
}


async def taken(browser: Browser, **choice: str) -> list[dict[str, str]]:
    """The sheet as the person takes it: the headings, then the rows."""
    answer = await browser.post(f"{PATH}/sheet", choice)
    assert answer.status_code == 200, answer.text
    return [
        {name: row.cells.get(number, "") for number, name in enumerate(FIELDS, start=1)}
        for row in rows_of(answer.content)
    ]


async def sent(browser: Browser, rows: list[dict[str, str]]) -> httpx.Response:
    """What the page answers to a workbook with these rows, the first of which are the headings."""
    content = workbook([[row.get(name, "") for name in FIELDS] for row in rows])
    return await office_file(browser, content, path=PATH)


async def confirmed(browser: Browser, preview: httpx.Response) -> httpx.Response:
    return await browser.post(PATH, {**form_at(preview.text, PATH).values, "do": "save"})


def row(**cells: str) -> dict[str, str]:
    return dict(ROW) | cells


def read(answer: httpx.Response) -> str:
    """The words of a page, as they follow one another."""
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", strip_bidi(answer.text)).split())


async def week_at(site: Site, *, days: int = 0, queue: int | None = None) -> Week:
    """The week that holds so many days from today."""

    def of_that_day(session: ReadSession) -> Week:
        return week_on(rules_of(session, queue_id=queue or site.world.queue), day=TODAY + timedelta(days=days))

    return await site.storage.read(of_that_day)


async def numbers(site: Site) -> tuple[int, int, int]:
    """How many rules, slots and events of weeks there are."""

    def count(session: ReadSession) -> tuple[int, int, int]:
        events = select(func.count()).select_from(Event).where(Event.kind == "week.save")
        return (
            session.scalar(select(func.count()).select_from(OpeningRule)) or 0,
            session.scalar(select(func.count()).select_from(Slot)) or 0,
            session.scalar(events) or 0,
        )

    return await site.storage.read(count)


@pytest.mark.requirement("000-13", "S")
async def test_what_is_shown_is_what_is_done(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    rows[0]["closes"] = "16:00"
    before = await numbers(site)

    preview = await sent(browser, [head, *rows, row()])
    page = read(preview)

    assert preview.status_code == 200, page
    assert [each["code"] for each in rows] == ["72-1101"] * 5
    assert "باجهٔ احراز هویت · دفتر پیشخوان گلشهر" in page
    assert "از ۸:۰۰ تا ۱۴:۰۰، ۲ باجه، هر نفر ۱۵ دقیقه از ۸:۰۰ تا ۱۶:۰۰، ۲ باجه، هر نفر ۱۵ دقیقه" in page
    assert "بسته از ۸:۰۰ تا ۱۲:۰۰، ۱ باجه" in page
    assert "جا در هفته: ۲۴۰ ۲۷۲" in page
    assert await numbers(site) == before

    done = await confirmed(browser, preview)

    assert (done.status_code, done.headers["location"]) == (303, "/capacity/queues")
    week = await week_at(site)
    assert week.days[0] == (Hours(480, 960, 15, 2),)
    assert week.days[1] == (USUAL,)
    assert week.days[5] == (Hours(480, 720, 15, 1),)
    assert (await numbers(site))[2] == before[2] + 1
    assert "چیزی برای ذخیره نیست" in (await sent(browser, await taken(browser))).text
    assert await site.storage.read(verify) == []


@pytest.mark.parametrize("language", ["fa", "fa_AF"])
async def test_the_sheet_comes_back_as_it_was_taken(site: Site, language: str) -> None:
    browser = await site.signed_in("admin")
    await browser.post("/account/language", {"language": language})

    rows = await taken(browser)
    answer = await sent(browser, rows)

    assert "72-2201" in {each["code"] for each in rows}  # whose queue has no hours, so that they can be written
    assert answer.status_code == 422
    assert 'value="save"' not in answer.text


async def test_hours_that_are_over_do_not_stand_in_the_sheet(site: Site) -> None:
    def of_before(session: WriteSession) -> None:
        queue = session.get_one(Queue, site.world.queue)
        over: dict[str, Any] = {"valid_from": TODAY - timedelta(days=40), "valid_to": TODAY - timedelta(days=1)}
        makers_hours.make_rule(session, queue=queue, weekday=5, **over)
        makers_hours.make_rule(session, queue=queue, weekday=4, **over | {"valid_to": TODAY})

    browser = await site.signed_in("manager")
    before = {each["weekday"] for each in (await taken(browser))[1:]}
    await site.storage.write(of_before)
    assert {each["weekday"] for each in (await taken(browser))[1:]} == before | {"چهارشنبه"}


async def test_hours_from_a_later_day_leave_what_is_before_it(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    later = [each | {"closes": "12:00", "valid_from": "1405/10/01"} for each in rows]

    done = await confirmed(browser, await sent(browser, [head, *later]))

    assert done.status_code == 303
    assert (await week_at(site, days=30)).days[0] == (USUAL,)
    assert (await week_at(site, days=31)).days[0] == (Hours(480, 720, 15, 2),)


async def test_one_fault_and_nothing_is_saved(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser, province="IR-30")
    before = await numbers(site)
    wrong = [
        row(weekday="نوروز"),
        row(opens="0.3333"),
        row(closes="۷:۰۰"),
        row(minutes="۳۰۰"),
        row(counters="صد و یک هزار"),
        row(valid_from="۱۴۰۵/۱۰/۰۱", valid_to="۱۴۰۵/۰۹/۳۰"),
        row(queue="صف دیگر"),
        row(code="99-9999"),
    ]

    answer = await sent(browser, [head, *rows, row(weekday="شنبه", opens="۱۳:۰۰", closes="۱۸:۰۰"), *wrong])
    page = read(answer)

    assert answer.status_code == 422
    for number, column in enumerate(("روز هفته", "از", "تا", "دقیقه", "باجه", "تا روز", "صف", "کد دفتر"), start=8):
        told = page.partition(f"ردیف {persian_digits(str(number))} ")[2]
        assert column in told.partition("ردیف")[0], (number, told[:200])
    assert "با ساعت‌های ردیف ۷ روی هم می‌افتد" in page
    assert "با ساعت‌های ردیف ۲ روی هم می‌افتد" in page
    assert "این دفتر صف فعالی با این نام ندارد" in page
    assert "هیچ‌یک از دفترهای شما این کد را ندارد" in page
    assert 'value="save"' not in answer.text
    assert await numbers(site) == before


@pytest.mark.parametrize(
    ("column", "kept", "title"),
    [
        ("opens", 0.3333, "از"),  # no whole minute
        ("closes", 1, "تا"),  # 24:00, or one o'clock
        ("opens", 8.05, "از"),
        ("valid_from", 463, "از روز"),
        ("valid_from", 12.1, "از روز"),  # 12.10 as it was typed
    ],
)
async def test_numbers_that_may_be_another_day_or_time_are_asked_back(
    site: Site, column: str, kept: float, title: str
) -> None:
    browser = await site.signed_in("manager")
    head = (await taken(browser))[0]
    before = await numbers(site)
    cells: list[Cell] = [kept if name == column else text for name, text in row().items()]
    answer = await office_file(browser, workbook([[*head.values()], cells]), path=PATH)
    assert answer.status_code == 422
    assert f"{title}: اکسل آن را عدد کرده است" in read(answer)
    assert await numbers(site) == before


async def test_numbers_that_are_what_they_show_are_read(site: Site) -> None:
    browser = await site.signed_in("manager")
    head = (await taken(browser))[0]
    plain: dict[str, Cell] = {"opens": 8, "closes": 12, "minutes": 15, "counters": 1, "valid_from": 14051001}
    cells = [plain.get(name, text) for name, text in row().items()]
    answer = await office_file(browser, workbook([[*head.values()], cells]), path=PATH)
    assert answer.status_code == 200, read(answer)


async def test_people_who_would_lose_their_turn_are_never_moved_by_a_file(site: Site) -> None:
    await site.storage.write(booked, site)
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    before = await numbers(site)

    answer = await sent(browser, [head, *(each | {"opens": "10:00"} for each in rows)])

    assert answer.status_code == 422
    assert "نفر از دست می‌رود" in answer.text
    assert f'href="/capacity/{site.world.office}/queues/{site.world.queue}/week"' in answer.text
    assert await numbers(site) == before
    assert (await week_at(site)).days[2] == (USUAL,)


async def test_who_books_between_the_look_and_the_press_is_not_moved_either(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    preview = await sent(browser, [head, *(each | {"opens": "10:00"} for each in rows[2:]), *rows[:2]])
    assert preview.status_code == 200
    people = await site.storage.write(booked, site)
    before = await numbers(site)

    answer = await confirmed(browser, preview)

    assert people
    assert answer.status_code == 409
    assert "نفر از دست می‌رود" in answer.text
    assert await numbers(site) == before


async def test_what_a_colleague_changed_meanwhile_is_seen(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    preview = await sent(browser, [head, *rows, row()])

    def close_wednesday(session: WriteSession) -> None:
        for rule in session.scalars(select(OpeningRule).where(OpeningRule.weekday == 4)):
            rule.counters = 1

    await site.storage.write(close_wednesday)
    answer = await confirmed(browser, preview)

    assert answer.status_code == 409
    assert "در این فاصله چیزی این‌جا تغییر کرد" in answer.text
    assert (await confirmed(browser, answer)).status_code == 303


async def test_a_press_that_says_save_over_the_hours_of_another_queue_saves_nothing(site: Site) -> None:
    def another(session: WriteSession) -> None:
        queue = makers.make_queue(session, office=None, name="صف دوم")
        queue.office_id = site.world.office
        for weekday in range(5):
            makers_hours.make_rule(session, queue=queue, weekday=weekday)

    await site.storage.write(another)
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    mine = [each | {"counters": "3"} for each in rows if each["queue"] == "باجهٔ احراز هویت"]
    theirs = [each | {"queue": "صف دوم"} for each in mine]
    preview, other = [form_at((await sent(browser, [head, *each])).text, PATH).values for each in (mine, theirs)]
    before = await numbers(site)

    answer = await browser.post(PATH, {**preview, "kept": other["kept"], "do": "save"})

    assert answer.status_code == 409
    assert await numbers(site) == before


async def test_nobody_brings_in_hours_that_are_not_theirs(site: Site) -> None:
    admin, manager, clerk = [await site.signed_in(name) for name in ("admin", "manager", "clerk")]
    head, *rows = await taken(admin)
    far = next(each for each in rows if each["code"] == "72-2201")

    answer = await sent(manager, [head, row(code=far["code"], queue=far["queue"])])

    assert answer.status_code == 422
    assert "هیچ‌یک از دفترهای شما این کد را ندارد" in answer.text
    assert {each["code"] for each in (await taken(manager))[1:]} == {"72-1101"}
    assert (await clerk.get(PATH)).status_code == 403
    assert (await sent(clerk, [head, row()])).status_code == 403


async def test_where_hours_need_approval_a_file_is_no_way_round_it(site: Site) -> None:
    await site.storage.write(set_approval, area=NATION, needed=True, actor=acting(9), now=NOW)
    manager, province = await site.signed_in("manager"), await site.signed_in("province")
    head, *rows = await taken(manager)

    answer = await sent(manager, [head, *rows, row()])

    assert answer.status_code == 422
    assert f'href="/capacity/{site.world.office}/queues/{site.world.queue}/worksheet"' in answer.text
    assert "چیزی برای ذخیره نیست" in (await sent(manager, [head, *rows])).text
    assert (await sent(province, [head, *rows, row()])).status_code == 200


async def test_a_doubtful_number_is_confirmed_on_the_page_of_its_queue(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)

    answer = await sent(browser, [head, *rows, row(counters="۱۵۰")])

    assert answer.status_code == 422
    assert "اگر عمدی است" in answer.text
    assert f'href="/capacity/{site.world.office}/queues/{site.world.queue}/week"' in answer.text


async def test_two_queues_of_one_name_are_not_guessed_at(site: Site) -> None:
    def another(session: WriteSession) -> None:
        session.add(Queue(office_id=site.world.office, name=Localised({"fa": "باجهٔ احراز هویت"})))

    await site.storage.write(another)
    browser = await site.signed_in("manager")
    head, *_rows = await taken(browser)

    assert "دو صف این دفتر همین نام را دارند" in (await sent(browser, [head, row()])).text


async def test_a_sheet_never_leaves_rows_out_in_silence(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (hours, chosen):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    browser = await site.signed_in("admin")

    answer = await browser.post(f"{PATH}/sheet")

    assert answer.status_code == 422
    assert "۶ ردیف لازم است" in answer.text
    assert len(await taken(browser, words="طرق")) == 2


async def test_a_file_changes_only_so_many_queues(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hours, "MOST_QUEUES", 0)
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)

    answer = await sent(browser, [head, *rows, row()])

    assert answer.status_code == 422
    assert "ساعت‌های حداکثر ۰ صف" in answer.text


async def test_sent_twice_is_done_once(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    fields = {**form_at((await sent(browser, [head, *rows, row()])).text, PATH).values, "do": "save"}

    first = await browser.post(PATH, fields)
    once = await numbers(site)
    second = await browser.post(PATH, fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert await numbers(site) == once
