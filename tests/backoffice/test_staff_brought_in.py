"""Bringing in accounts by a workbook: within one's rank and reach, all or nothing, and no password in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select

from backoffice.brought_in import staff
from backoffice.brought_in.sheets import rows_of
from backoffice.brought_in.staff_rows import FIELDS
from desk.events.models import Event
from desk.offices.models import Office
from desk.reading.folding import strip_bidi
from desk.staff.models import RoleAssignment, StaffMember, StaffSession
from desk.staff.passwords import verify_password
from desk.staff.permissions import Role
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_asking_again import SAID, asks
from tests.backoffice.test_bringing_in import sent_file as any_file
from tests.backoffice.test_roles import held, with_a_county
from tests.backoffice.test_sign_in import attempt
from tests.backoffice.workbooks import workbook
from tests.backoffice.world import PASSWORD
from tests.makers import TODAY, make_staff

PATH, ALL = "/staff/bring-in", "/staff/bring-in/all"
NEW: Mapping[str, str] = {
    "username": "Clerk.Two",
    "name": "علي كريمي",
    "role": "متصدی باجه",
    "place": "۷۲-۱۱۰۱",
    "is_active": "بله",
}
SECRET = re.compile(r'<bdi class="code secret" dir="ltr">([^<]+)</bdi>')


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
    return await any_file(browser, workbook([[row.get(name, "") for name in FIELDS] for row in rows]), path=PATH)


async def confirmed(browser: Browser, preview: httpx.Response) -> httpx.Response:
    return await browser.post(ALL, {**form_at(preview.text, ALL).values, "do": "save"})


def row(**cells: str) -> dict[str, str]:
    return dict(NEW) | cells


def of(rows: list[dict[str, str]], username: str) -> dict[str, str]:
    return next(each for each in rows if each["username"] == username)


async def member(site: Site, username: str) -> StaffMember | None:
    return await site.storage.read(
        lambda session: session.scalar(select(StaffMember).where(StaffMember.username == username))
    )


async def numbers(site: Site) -> tuple[int, int]:
    """How many accounts there are, and how many events tell of making and changing them."""

    def count(session: ReadSession) -> tuple[int, int]:
        kinds = ("staff.create", "staff.update", "staff.deactivate")
        events = select(func.count()).select_from(Event).where(Event.kind.in_(kinds))
        return session.scalar(select(func.count()).select_from(StaffMember)) or 0, session.scalar(events) or 0

    return await site.storage.read(count)


async def test_what_is_shown_is_what_is_done_and_the_first_password_is_shown_once(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    clerk = of(rows, "clerk") | {"name": "مریم کاظمی‌نیا"}
    before = await numbers(site)

    preview = await sent(browser, [head, clerk, row()])

    assert preview.status_code == 200, preview.text
    for said in ("مریم کاظمی‌نیا", "علی کریمی", "متصدی باجه", "دفتر پیشخوان گلشهر", "clerk.two"):
        assert said in preview.text, said
    assert SECRET.search(preview.text) is None
    assert await numbers(site) == before

    done = await confirmed(browser, preview)
    [password] = SECRET.findall(done.text)
    made, changed = await member(site, "clerk.two"), await member(site, "clerk")

    assert made is not None
    assert changed is not None
    assert (made.name, made.must_change_password, made.is_active) == ("علی کریمی", True, True)
    assert made.password_until is not None
    assert verify_password(made.password_hash, password)
    assert changed.name == "مریم کاظمی‌نیا"
    assert await numbers(site) == (before[0] + 1, before[1] + 2)
    assert password not in (await browser.post(f"{PATH}/sheet")).text
    assert (await attempt(site.browser(), username="clerk.two", password=password)).status_code == 303
    assert "چیزی برای ذخیره نیست" in (await sent(browser, await taken(browser))).text
    assert await site.storage.read(verify) == []


@pytest.mark.parametrize("language", ["fa", "fa_AF"])
async def test_the_sheet_comes_back_as_it_was_taken(site: Site, language: str) -> None:
    await site.storage.write(with_a_county)
    browser = await site.signed_in("admin")
    await browser.post("/account/language", {"language": language})
    form = {"username": "of.karaj", "name": "زهرا نوری", "r0-role": "office_manager", "r0-place": "county:/IR-30/01/"}
    days = {"r0-valid_from": "1405/09/01", "r0-valid_to": "1405/12/29", "r1-role": "clerk"}
    made = await browser.post("/staff/new", form | days | {"r1-place": f"office:{site.world.other_office}"})
    assert made.status_code == 200

    rows = await taken(browser)
    answer = await sent(browser, rows)

    assert [each["role"] != "" and each["place"] != "" for each in rows if each["username"] == "of.karaj"] == [True] * 2
    assert "admin" not in {each["username"] for each in rows}
    assert answer.status_code == 422
    assert 'value="save"' not in answer.text


async def test_an_account_gets_the_roles_of_its_rows_and_who_is_absent_stays(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *rows = await taken(browser)
    clerk = of(rows, "clerk")
    also = clerk | {"role": "مسئول انتظامات", "place": "72-2201", "valid_to": "1405/12/29"}

    done = await confirmed(browser, await sent(browser, [head, clerk, also]))
    two = await site.storage.read(held, username="clerk")
    again = await confirmed(browser, await sent(browser, [head, also]))
    one = await site.storage.read(held, username="clerk")

    assert (done.status_code, again.status_code) == (303, 303)
    assert [each[0] for each in two] == ["clerk", "marshal"]
    assert [each[0] for each in one] == ["marshal"]
    for username in ("manager", "officer", "province", "otherclerk"):
        there = await member(site, username)
        assert there is not None
        assert there.is_active


async def test_closing_an_account_signs_it_out(site: Site) -> None:
    browser, clerk = await site.signed_in("manager"), await site.signed_in("clerk")
    head, *rows = await taken(browser)

    done = await confirmed(browser, await sent(browser, [head, of(rows, "clerk") | {"is_active": "نه"}]))
    sessions = select(func.count()).select_from(StaffSession).where(StaffSession.staff_id == site.world.clerk)

    assert done.status_code == 303
    assert await site.storage.read(lambda session: session.scalar(sessions)) == 0
    assert (await clerk.get("/today")).status_code == 303


@pytest.mark.parametrize(
    ("username", "cells", "why"),
    [
        ("manager", {"role": "مدیر دفتر"}, "نقش: بیشتر از آنچه خودتان دارید"),
        ("manager", {"role": "مدیر سامانه"}, "بیشتر از آنچه خودتان دارید"),
        ("manager", {"place": "72-2201"}, "چنین نامی ندارد"),
        ("manager", {"place": "سراسر کشور"}, "چنین نامی ندارد"),
        ("province", {"role": "مدیر سامانه"}, "بیشتر از آنچه خودتان دارید"),
        ("province", {"username": "otherclerk"}, "در حوزهٔ شما نیست"),
        ("manager", {"username": "admin"}, "در حوزهٔ شما نیست"),
        ("manager", {"is_active": "نه"}, "حساب جدید اول باز است"),
        ("manager", {"username": "۱۲"}, "حرف کوچک لاتین"),
    ],
)
async def test_what_one_may_not_give_is_a_fault_and_nothing_is_saved(
    site: Site, username: str, cells: dict[str, str], why: str
) -> None:
    browser = await site.signed_in(username)
    head, *_rows = await taken(browser)
    before = await numbers(site)

    answer = await sent(browser, [head, row(username="first.one"), row(**cells)])

    assert answer.status_code == 422
    assert why in strip_bidi(answer.text)
    assert 'value="save"' not in answer.text
    assert await numbers(site) == before


async def test_what_is_above_oneself_does_not_stand_in_the_sheet(site: Site) -> None:
    def a_second_manager(session: WriteSession) -> None:
        office = session.get_one(Office, site.world.office)
        make_staff(session, username="manager.two", role=Role.OFFICE_MANAGER, office=office)

    await site.storage.write(a_second_manager)
    sheets = {
        name: {each["username"] for each in (await taken(await site.signed_in(name)))[1:]}
        for name in ("manager", "province", "admin")
    }

    assert sheets["manager"] == {"clerk", "officer"}
    assert sheets["province"] == {"clerk", "officer", "manager", "manager.two"}
    assert {"otherclerk", "otherprovince", "province"} <= sheets["admin"]
    assert "admin" not in sheets["admin"]
    clerk = await site.signed_in("clerk")
    assert (await clerk.get(PATH)).status_code == 403


async def test_an_account_above_oneself_is_not_changed_by_its_row(site: Site) -> None:
    browser, admin = await site.signed_in("manager"), await site.signed_in("province")
    head, *rows = await taken(admin)
    before = await numbers(site)
    manager = of(rows, "manager")

    mine = await sent(browser, [head, manager | {"name": "نام دیگر"}])
    same = await sent(browser, [head, manager])

    assert "این حساب خود شماست" in mine.text
    assert "چیزی برای ذخیره نیست" in same.text
    assert await numbers(site) == before


async def test_the_last_administrator_is_not_closed_by_a_file(site: Site) -> None:
    """An administrator with a last day does not count, so that the other one has to stay."""
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    second = row(username="second", role="مدیر سامانه", place="سراسر کشور")
    await confirmed(browser, await sent(browser, [head, second]))
    fewer = second | {"role": "متصدی باجه", "place": "72-1101", "valid_to": "1405/09/10"}
    before = [await sent(browser, [head, each]) for each in (second | {"is_active": "نه"}, fewer)]

    def end_the_first(session: WriteSession) -> None:
        mine = select(StaffMember.id).where(StaffMember.username == "admin").scalar_subquery()
        for role in session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == mine)):
            role.valid_to = TODAY + timedelta(days=30)

    await site.storage.write(end_the_first)
    answers = [await confirmed(browser, each) for each in before]
    again = await sent(browser, [head, second | {"is_active": "نه"}])
    there = await member(site, "second")

    assert [each.status_code for each in before] == [200, 200]
    assert [each.status_code for each in (*answers, again)] == [409, 409, 422]
    for answer in (*answers, again):
        assert "تنها مدیر سامانهٔ کشور است" in answer.text
    assert there is not None
    assert there.is_active
    assert [each[0] for each in await site.storage.read(held, username="second")] == ["administrator"]
    third = await sent(browser, [head, second | {"is_active": "نه"}, second | {"username": "third"}])
    assert "بیشتر از آنچه خودتان دارید" in third.text, "whose own role ends makes nobody who stays"


async def test_one_fault_among_many_and_nothing_is_saved(site: Site) -> None:
    browser = await site.signed_in("admin")
    head, *_rows = await taken(browser)
    before = await numbers(site)
    wrong = [
        row(username="two.rows"),
        row(username="two.rows", name="نام دیگر", role="مسئول انتظامات"),
        row(username="no.role", role="رئیس"),
        row(username="days", valid_from="1405/12/01", valid_to="1405/11/01"),
        row(username="", name="بی‌نام"),
        row(username="maybe", is_active="شاید"),
        row(username="open.and.not"),
        row(username="open.and.not", is_active="نه", role="مسئول انتظامات"),
    ]

    answer = await sent(browser, [head, row(), *wrong])
    page = strip_bidi(answer.text)

    assert answer.status_code == 422
    for said in (
        "ردیف ۳ دربارهٔ همین حساب چیز دیگری می‌گوید",
        "ردیف ۹ دربارهٔ همین حساب چیز دیگری می‌گوید",
        "لطفاً یکی از فهرست را انتخاب کنید",
        "روز پایان زودتر از روز شروع است",
        "لطفاً «بله» یا «نه» بنویسید",
    ):
        assert said in page, said
    assert await numbers(site) == before


async def test_a_file_makes_only_so_many_accounts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "MOST_NEW", 1)
    browser = await site.signed_in("manager")
    head, *_rows = await taken(browser)

    answer = await sent(browser, [head, row(), row(username="one.more")])

    assert answer.status_code == 422
    assert "حداکثر ۱ حساب جدید" in answer.text


async def test_a_file_changes_only_so_many_accounts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff, "MOST_CHANGED", 1)
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)

    answer = await sent(browser, [head, *(each | {"name": "نام دیگر"} for each in rows)])
    one = await sent(browser, [head, rows[0] | {"name": "نام دیگر"}, *rows[1:]])

    assert answer.status_code == 422
    assert answer.text.count("حداکثر ۱ حساب را تغییر می‌دهد") == 1
    assert one.status_code == 200


async def test_what_a_colleague_changed_meanwhile_is_seen(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await taken(browser)
    preview = await sent(browser, [head, of(rows, "clerk") | {"name": "نام من"}, row()])

    def rename(session: WriteSession) -> None:
        session.get_one(StaffMember, site.world.clerk).name = "نام همکار"

    await site.storage.write(rename)
    answer = await confirmed(browser, preview)

    assert answer.status_code == 409
    assert "نام همکار" in answer.text
    assert SECRET.search(answer.text) is None
    assert await member(site, "clerk.two") is None


async def test_the_password_is_asked_for_and_the_file_goes_on_with_it(site: Site) -> None:
    browser = await site.signed_in("manager", has_proved=False)
    head = [dict(zip(FIELDS, staff_headings(), strict=True))]

    preview = await sent(browser, [*head, row()])
    asked = await confirmed(browser, preview)
    done = await browser.post(ALL, {**form_at(asked.text, ALL).values, SAID: PASSWORD})

    assert preview.status_code == 200, preview.text
    assert asks(asked.text)
    assert SECRET.search(done.text) is not None
    assert await member(site, "clerk.two") is not None
    assert asks((await (await site.signed_in("manager", has_proved=False)).post(f"{PATH}/sheet")).text)


def staff_headings() -> list[str]:
    return ["نام کاربری", "نام و نام خانوادگی", "نقش", "کد دفتر، یا نام محدوده", "از روز", "تا روز", "حساب باز است"]


async def test_sent_twice_is_done_once(site: Site) -> None:
    browser = await site.signed_in("manager")
    head, *_rows = await taken(browser)
    fields = {**form_at((await sent(browser, [head, row()])).text, ALL).values, "do": "save"}

    first = await browser.post(ALL, fields)
    once = await numbers(site)
    second = await browser.post(ALL, fields)

    assert (first.status_code, second.status_code) == (200, 303)
    assert second.headers["location"] == "/staff"
    assert SECRET.search(second.text) is None
    assert await numbers(site) == once
