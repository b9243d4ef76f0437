"""The catalogue, the offices and the accounts: what is written is checked at its field."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.announcements.actions import ask
from desk.catalogue import queries as catalogue
from desk.catalogue.models import Service, ServiceFee, ServicePaper, ServiceStep
from desk.catalogue.rows import ServiceCard
from desk.language.text import Localised
from desk.offices.models import Office
from desk.seed.revocation import FORM
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.makers import NOW, TODAY, make_conversation

pytestmark = pytest.mark.sqlite

FEE = {
    "amount": "۳۰٬۰۰۰",
    "province": "",
    "valid_from": "۱۴۰۵/۱۰/۰۱",
    "valid_to": "",
    "source_fa": "بخشنامهٔ آزمون",
    "source_date": "۱۴۰۵/۰۸/۰۱",
    "is_confirmed": "1",
}
TEXTS = {
    "code": "identity",
    "title_fa": "احراز هویت",
    "short_title_fa": "احراز هویت",
    "is_bookable": "1",
    "is_published": "1",
}


@pytest.mark.requirement("000-07", "M")
async def test_a_new_fee_ends_the_one_before(site: Site) -> None:
    browser = await site.signed_in("admin")
    address = f"/catalogue/{site.world.service}/fees"

    answer = await browser.post(address, FEE)
    text = (await browser.get(address)).text

    def fees(session: ReadSession) -> list[tuple[int, str]]:
        rows = session.execute(select(ServiceFee.amount_rial, ServiceFee.valid_to).order_by(ServiceFee.id))
        return [(rial, str(last)) for rial, last in rows]

    assert answer.status_code == 303
    assert await site.storage.read(fees) == [(270_000, "2026-12-21"), (300_000, "None")]
    assert "۳۰ هزار تومان" in text
    assert "آینده" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "زیاد"}, "لطفاً مبلغ را به تومان بنویسید"),
        ({"amount": ""}, "لطفاً این‌جا را پر کنید"),
        ({"source_fa": ""}, "لطفاً این‌جا را پر کنید"),
        ({"valid_to": "1405/09/01"}, "روز پایان زودتر از روز شروع است"),
        ({"valid_from": "1404/01/01"}, "از این روز به بعد هزینهٔ دیگری ثبت شده است"),
        ({"province": "IR-99"}, "لطفاً یکی از فهرست را انتخاب کنید"),
    ],
)
async def test_a_fee_that_does_not_fit_comes_back(site: Site, change: dict[str, str], said: str) -> None:
    browser = await site.signed_in("admin")

    answer = await browser.post(f"/catalogue/{site.world.service}/fees", {**FEE, **change})

    assert answer.status_code == 422
    assert said in answer.text


async def test_a_fee_is_ended_on_a_day(site: Site) -> None:
    browser = await site.signed_in("admin")
    address = f"/catalogue/{site.world.service}/fees/{site.world.fee}/end"

    refused = await browser.post(address, {"last_day": "روزی"})
    done = await browser.post(address, {"last_day": "۱۴۰۵/۰۹/۳۰"})

    assert [refused.status_code, done.status_code] == [422, 303]


@pytest.mark.requirement("003-02", "S")
@pytest.mark.parametrize("words", ["کپی کارت ملی", "تصویر گذرنامه", "رونوشت سند"])
async def test_a_demand_for_a_copy_is_refused_at_its_field(site: Site, words: str) -> None:
    browser = await site.signed_in("admin")

    answer = await browser.post(f"/catalogue/{site.world.service}/papers/0", {"title_fa": words})

    assert answer.status_code == 422
    assert "خواستن کپی مجاز نیست" in answer.text
    assert f'value="{words}"' in answer.text


async def test_papers_and_steps_are_added_moved_and_taken_out(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}"

    def papers(session: ReadSession) -> dict[str, int]:
        rows = session.scalars(select(ServicePaper).order_by(ServicePaper.position))
        return {row.title.to_mapping()["fa"]: row.id for row in rows}

    await browser.post(f"{base}/papers/0", {"title_fa": "اصل برگهٔ تردد", "document_kind": "travel_slip"})
    added = await site.storage.read(papers)
    await browser.post(f"{base}/papers/{added['اصل برگهٔ تردد']}/move", {"how": "up"})
    moved = await site.storage.read(papers)
    await browser.post(f"{base}/papers/{moved['اصل گذرنامه']}/move", {"how": "out"})
    left = await site.storage.read(papers)
    await browser.post(f"{base}/steps/0", {"title_fa": "دریافت پاسخ", "agency_fa": "اداره کل"})

    def steps(session: ReadSession) -> list[str]:
        return [row.title.to_mapping()["fa"] for row in session.scalars(select(ServiceStep))]

    assert list(added) == ["اصل کارت آمایش", "اصل گذرنامه", "اصل برگهٔ تردد"]
    assert list(moved) == ["اصل کارت آمایش", "اصل برگهٔ تردد", "اصل گذرنامه"]
    assert list(left) == ["اصل کارت آمایش", "اصل برگهٔ تردد"]
    assert await site.storage.read(steps) == ["ثبت مشخصات در باجه", "دریافت پاسخ"]


@pytest.mark.requirement("001-12", "M")
async def test_texts_changed_have_to_be_confirmed_again(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}"

    def card(session: ReadSession) -> ServiceCard:
        return catalogue.card(session, service_id=site.world.service, today=TODAY)

    saved = await browser.post(f"{base}/edit", {**TEXTS, "title_fa_AF": "تثبیت هویت"})
    draft = await site.storage.read(card)
    late = await browser.post(f"{base}/confirm", {"review_due": "۱۴۰۸/۰۱/۰۱"})
    confirmed = await browser.post(f"{base}/confirm", {"review_due": "۱۴۰۶/۰۸/۰۱"})
    after = await site.storage.read(card)

    assert [saved.status_code, late.status_code, confirmed.status_code] == [303, 422, 303]
    assert draft.title.to_mapping() == {"fa": "احراز هویت", "fa_AF": "تثبیت هویت"}
    assert [draft.state.value, after.state.value, str(after.confirmed_on)] == ["draft", "confirmed", str(TODAY)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "revocation"}, "خدمت دیگری این کد را دارد"),
        ({"short_title_fa": "نامی که از بیست حرف خیلی بلندتر است"}, "متن طولانی است: حداکثر ۲۰ حرف"),
        ({"description_fa": "کپی مدارک را بیاورید"}, "خواستن کپی مجاز نیست"),
        ({"title_fa": ""}, "لطفاً این‌جا را پر کنید"),
    ],
)
async def test_texts_that_do_not_fit_come_back(site: Site, change: dict[str, str], said: str) -> None:
    browser = await site.signed_in("admin")

    answer = await browser.post(f"/catalogue/{site.world.service}/edit", {**TEXTS, **change})

    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.requirement("001-05", "S")
@pytest.mark.requirement("004-03", "S")
async def test_the_official_form_is_shown_with_its_blanks(site: Site) -> None:
    def fill(session: WriteSession) -> None:
        session.get_one(Service, site.world.service).official_form = FORM

    await site.storage.write(fill)
    text = (await (await site.signed_in("clerk")).get(f"/catalogue/{site.world.service}")).text

    form = text[text.index("شناسنامهٔ رسمی خدمت") :]
    for each in ("وزارت کشور", "استانی", "حاکمیتی", "یک ماه", "حکم قضایی، یا گزارش دستگاه‌های مرتبط (اطلاعات، انتظامی)"):
        assert each in form
    assert form.count("اعلام نشده است") > 5
    assert "None" not in form
    assert "{" not in form


async def test_how_far_ahead_days_are_open_is_said_in_the_card_and_kept_in_the_history(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}"
    assert "همهٔ روزهایی که هست، تا ۶۰ روز" in (await browser.get(base)).text

    answer = await browser.post(f"{base}/edit", {**TEXTS, "days_ahead": "۱۴", "opens_at": "8:30"})

    def stored(session: ReadSession) -> tuple[int | None, int | None]:
        service = session.get_one(Service, site.world.service)
        return service.days_ahead, service.opens_at

    assert answer.status_code == 303
    assert await site.storage.read(stored) == (14, 510)
    shown = re.sub("[\u2066-\u2069]|<.*?>", "", (await browser.get(base)).text)
    assert "۱۴ روز؛ روز جدید ساعت ۸:۳۰ باز می‌شود" in shown
    assert "روزهای بازِ پیش رو" in (await browser.get("/history")).text


async def test_that_one_visit_serves_a_household_is_said_in_the_card_and_at_the_queues(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}"
    assert "برای هر نفر: هر کس یک جا می‌گیرد" in (await browser.get(base)).text

    assert (await browser.post(f"{base}/edit", {**TEXTS, "is_per_household": "1"})).status_code == 303

    assert await site.storage.read(lambda session: session.get_one(Service, site.world.service).is_per_household)
    assert "یک بار برای همهٔ خانوار" in (await browser.get(base)).text
    assert form_at((await browser.get(f"{base}/edit")).text, f"{base}/edit").values["is_per_household"] == ["1"]
    assert "یک مراجعه برای همهٔ خانوار" in (await browser.get("/history")).text
    queue = f"/capacity/{site.world.office}/queues/{site.world.queue}"
    for page in (queue, f"{queue}/week", f"/capacity/queues?office={site.world.office}"):
        assert "یک جا برای همهٔ خانوار: " in (await browser.get(page)).text
    assert "یک نفر شمرده می‌شوند" in (await browser.get(f"{queue}/quotas")).text

    assert (await browser.post(f"{base}/edit", TEXTS)).status_code == 303
    assert "یک جا برای همهٔ خانوار" not in (await browser.get(queue)).text
    assert "یک نفر شمرده می‌شوند" not in (await browser.get(f"{queue}/quotas")).text


async def test_what_holds_for_papers_of_another_province_is_said_in_the_card(site: Site) -> None:
    browser = await site.signed_in("admin")
    base = f"/catalogue/{site.world.service}"
    said: dict[str, str | list[str]] = {
        "paper_province": "own",
        "needs_slip": "yes",
        "slip_from_fa": "دفتر کفالت",
        "travel_kinds": ["amayesh"],
    }

    assert (await browser.post(f"{base}/edit", {**TEXTS, **said})).status_code == 303

    def stored(session: ReadSession) -> tuple[object, ...]:
        service = session.get_one(Service, site.world.service)
        return service.paper_province, service.needs_slip, service.slip_from, service.travel_kinds

    assert await site.storage.read(stored) == ("own", True, Localised({"fa": "دفتر کفالت"}), "amayesh")
    shown = re.sub("[\u2066-\u2069]|<.*?>", "", (await browser.get(base)).text)
    for each in ("فقط در استان خودش پذیرفته می‌شود", "لازم است", "دفتر کفالت", "برای دارندگان کارت آمایش"):
        assert each in shown
    form = form_at((await browser.get(f"{base}/edit")).text, f"{base}/edit").values
    assert (form["paper_province"], form["needs_slip"], form["travel_kinds"]) == ("own", "yes", ["amayesh"])
    assert "مدرک صادرشده در استان دیگر" in (await browser.get("/history")).text


@pytest.mark.parametrize(
    "given",
    [{"days_ahead": "60"}, {"days_ahead": "0"}, {"opens_at": "8:00"}, {"days_ahead": "9", "opens_at": "24:00"}],
)
async def test_an_opening_that_is_none_comes_back(site: Site, given: dict[str, str]) -> None:
    """At the field that is wanting: of an hour without days those are the days."""
    browser = await site.signed_in("admin")
    answer = await browser.post(f"/catalogue/{site.world.service}/edit", {**TEXTS, **given})
    assert answer.status_code == 422
    field = "opens_at" if given.get("opens_at") == "24:00" else "days_ahead"
    [at] = re.findall(r'id="(\w+)-reasons"', answer.text)
    assert at == field


async def test_an_office_is_made_and_changed(site: Site) -> None:
    browser = await site.signed_in("admin")
    form = {
        "code": "۷۲-۳۳۰۱",
        "kind": "kefalat",
        "province": "IR-30",
        "city_fa": "فردیس",
        "name_fa": "دفتر کفالت فردیس",
        "phone": "۰۲۶ ۳۴۵۶ ۷۸۹۱",
        "latitude": "۳۵٫۷۲",
        "longitude": "50.98",
        "is_active": "1",
    }

    made = await browser.post("/offices/new", form)
    same = await browser.post("/offices/new", form)
    half = await browser.post("/offices/new", {**form, "code": "72-3302", "longitude": ""})
    phone = await browser.post("/offices/new", {**form, "code": "72-3302", "phone": "12"})

    def saved(session: ReadSession) -> tuple[str, float | None, float | None, str | None]:
        row = session.scalars(select(Office).where(Office.code == "72-3301")).one()
        return row.code, row.latitude, row.longitude, row.phone

    assert made.status_code == 303
    assert await site.storage.read(saved) == ("72-3301", 35.72, 50.98, "+982634567891")
    page = made.headers["location"].partition("?")[0]
    shown = form_at((await browser.get(page)).text, page).values
    assert (shown["latitude"], shown["longitude"]) == ("۳۵.۷۲", "۵۰.۹۸")
    assert "دفتر دیگری این کد را دارد" in same.text
    assert "لطفاً هر دو را بنویسید" in half.text
    assert "لطفاً شماره را با کد شهر بنویسید" in phone.text


async def test_an_account_is_made_and_its_password_is_shown_once(site: Site) -> None:
    browser = await site.signed_in("manager")
    form = {
        "username": "newclerk",
        "name": "لیلا حیدری",
        "r0-role": "clerk",
        "r0-place": f"office:{site.world.office}",
    }

    made = await browser.post("/staff/new", form)
    again = await browser.post("/staff/new", form)
    half = await browser.post("/staff/new", {**form, "username": "other", "r0-place": ""})
    none = await browser.post("/staff/new", {**form, "username": "other", "r0-place": "", "r0-role": ""})
    listed = (await browser.get("/staff")).text

    assert made.status_code == 200
    assert "فقط همین یک بار دیده می‌شود" in made.text
    assert "حساب دیگری این نام کاربری را دارد" in again.text
    assert "لطفاً هر دو را انتخاب کنید" in half.text
    assert "لطفاً حداقل یک نقش انتخاب کنید" in none.text
    assert "لیلا حیدری" in listed
    assert "متصدی باجه (" in listed


async def test_roles_change_and_accounts_close_and_open(site: Site) -> None:
    browser = await site.signed_in("manager")
    address = f"/staff/{site.world.clerk}"
    place = f"office:{site.world.office}"

    saved = await browser.post(address, {"name": "مریم کاظمی", "r0-role": "marshal", "r0-place": place})
    listed = (await browser.get("/staff")).text
    closed = await browser.post(f"{address}/deactivate")
    opened = await browser.post(f"{address}/reopen")
    own = await browser.post(f"/staff/{site.world.manager}/deactivate")

    assert [each.status_code for each in (saved, closed, opened, own)] == [303, 303, 303, 422]
    assert "مسئول انتظامات" in listed
    assert "حساب خودتان را نمی‌توانید ببندید" in own.text


async def test_the_pages_speak_dari_when_asked(site: Site) -> None:
    browser = await site.signed_in("clerk")
    chosen = await browser.post("/account/language", {"language": "fa_AF"})

    text = (await browser.get("/today")).text

    assert chosen.status_code == 303
    assert 'lang="fa-AF"' in text
    assert "قوس" in (await browser.get("/today?day=2026-11-28")).text


async def test_the_code_of_a_service_stands_only_where_files_are_kept_in_order(site: Site) -> None:
    address = f"/catalogue/{site.world.service}"
    for username, seen in (("clerk", False), ("admin", True)):
        browser = await site.signed_in(username)
        assert ">identity<" not in (await browser.get("/catalogue")).text
        assert (">identity<" in (await browser.get(address)).text) == seen


async def test_the_card_says_who_announces_or_plans_for_how_many_chats_something_is_missing(site: Site) -> None:
    browser = await site.signed_in("admin")
    address = f"/catalogue/{site.world.service}"
    assert "منتظر اعلام" not in (await browser.get(address)).text

    def wait(session: WriteSession) -> None:
        for _number in range(2):
            chat = Actor.chat(make_conversation(session).id)
            ask(session, actor=chat, service_id=site.world.service, now=NOW)

    await site.storage.write(wait)
    text = (await browser.get(address)).text
    assert "منتظر اعلام" in text
    assert "به ۲ گفتگو خبر داده می‌شود" in text
    for username, is_told in {"manager": True, "province": True, "officer": False, "clerk": False}.items():
        browser = await site.signed_in(username)
        assert ("منتظر اعلام" in (await browser.get(address)).text) is is_told, username
