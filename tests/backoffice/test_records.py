"""The record of a visit on one screen, receipts against visits, required fields, and what staff report."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from desk.appointments.rules import AppointmentState
from desk.catalogue.models import ServiceFee, ServicePaper
from desk.language.text import Localised
from desk.records.models import BrokerReport, Inquiry, RequiredFields, ServiceRecord
from desk.records.requiring import set_required
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.backoffice.served import serve
from tests.backoffice.test_today import state_of
from tests.backoffice.workbooks import part_of
from tests.makers import NOW, TODAY, acting

pytestmark = pytest.mark.sqlite

HTMX = {"hx-request": "true"}
SERVED = {"do": "served"}


def record_of(session: ReadSession, *, appointment: int) -> ServiceRecord | None:
    return session.get(ServiceRecord, appointment)


async def kept(site: Site, appointment: int) -> ServiceRecord:
    found = await site.storage.read(record_of, appointment=appointment)
    assert found is not None
    return found


@pytest.mark.requirement("000-08", "S")
@pytest.mark.requirement("000-07", "S")
async def test_served_opens_the_record_filled_and_one_submit_keeps_both(site: Site) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]
    row = (await browser.get("/today")).text
    piece = await browser.get(f"/today/{appointment}/record", headers=HTMX)
    form = form_at(piece.text, f"/today/{appointment}/record")

    assert f'href="/today/{appointment}/record"' in row
    assert "<html" not in piece.text
    assert (form.values["amount"], form.values["office_code"]) == ("۲۷٬۰۰۰", "۷۲-۱۱۰۱")
    assert (form.values["closing"], form.values["is_orange"]) == ("receipt", ["1"])
    answer = await serve(browser, appointment, {"reference": "123456"}, headers=HTMX)

    assert answer.text.count("data-row") == 1
    assert "مراجعه انجام و خدمت ثبت شد" in answer.text
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.SERVED
    record = await kept(site, appointment)
    assert (record.amount_rial, record.fee_rial, record.is_wrong) == (270_000, 270_000, False)
    assert await site.storage.read(verify) == []


@pytest.mark.requirement("000-08", "S")
async def test_nothing_is_served_without_a_receipt_or_a_reason(site: Site) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]

    old = await browser.post(f"/today/{appointment}", SERVED)
    pressed = await browser.post(f"/today/{appointment}", SERVED, headers=HTMX)
    bare = await serve(browser, appointment, {"closing": "no_receipt"})
    piece = await serve(browser, appointment, {"closing": "no_receipt"}, headers=HTMX)

    assert old.headers["location"] == f"/today/{appointment}/record"
    assert "دوباره «انجام شد» را بزنید" in pressed.text
    assert bare.status_code == 422
    for page in (bare, piece):
        assert "مغایرت: بدون رسید. لطفاً دلیل را انتخاب کنید." in page.text
    assert piece.text.count("data-row") == 1
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.BOOKED

    await serve(browser, appointment, {"closing": "no_receipt", "why": "other", "words": "برق رفت"})
    assert (await kept(site, appointment)).findings == ["no_receipt"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "40000", "reference": "1"}, "بیشتر از هزینهٔ مصوب"),
        ({"amount": "", "reference": "1"}, "مبلغ روی رسید را بنویسید"),
        ({"reference": ""}, "بدون شمارهٔ پیگیری"),
        ({"reference": "1", "is_orange": []}, "نه از کارت‌خوان نارنجی"),
        ({"reference": "1", "office_code": "72-9"}, "کد این دفتر روی آن نیست"),
        ({"reference": "1", "names_service": []}, "عنوان خدمت روی آن نیست"),
        ({"reference": "1", "system": "police"}, "یکی از فهرست"),
        ({"reference": "1", "code": "99"}, "از کجا استعلام گرفته شد"),
        ({"reference": "1", "time": "23:59"}, "این ساعت هنوز نرسیده است"),
    ],
)
async def test_the_form_comes_back_filled_with_the_reason(site: Site, typed: dict[str, Any], said: str) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]
    answer = await serve(browser, appointment, {**typed, "words": "این را نگه دار"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "این را نگه دار" in answer.text
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.BOOKED


async def test_a_free_service_takes_one_press(site: Site) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]

    def free(session: WriteSession) -> None:
        for fee in session.scalars(select(ServiceFee)):
            fee.amount_rial = 0

    await site.storage.write(free)
    await serve(browser, appointment, {})
    assert (await kept(site, appointment)).closing == "free"


@pytest.mark.requirement("003-01", "S")
@pytest.mark.requirement("003-02", "S")
@pytest.mark.requirement("000-15", "S")
@pytest.mark.requirement("001-06", "S")
@pytest.mark.requirement("003-04", "S")
async def test_the_form_says_that_copies_are_forbidden_and_ticks_originals(site: Site) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]

    def announce(session: WriteSession) -> list[int]:
        papers = [
            ServicePaper(service_id=site.world.service, title=Localised({"fa": title}), position=place)
            for place, title in enumerate(("اصل کارت", "اصل برگه"))
        ]
        session.add_all(papers)
        set_required(
            session,
            service_id=site.world.service,
            fields=Localised({"fa": "نام پدر\nنشانی"}),
            fingerprint=True,
            photo=None,
            source=Localised({"fa": "بخشنامه"}),
            actor=acting(1),
            now=NOW,
        )
        session.flush()
        return [paper.id for paper in papers]

    card, slip = await site.storage.write(announce)
    page = (await browser.get(f"/today/{appointment}/record")).text
    form = form_at(page, f"/today/{appointment}/record")

    assert "اصل مدرک کافی است. گرفتن کپی ممنوع است: بخشنامهٔ" in page
    assert "۳۰۹۶۲۸" in page
    assert "نام پدر، نشانی" in " ".join(page.split())
    assert {str(card), str(slip)} < set(form.values["papers"])
    assert [form.values[name] for name in ("information", "fingerprint", "photo")] == ["yes", "yes", "not_asked"]
    await serve(browser, appointment, {"reference": "1", "papers": [str(card)], "fingerprint": "device"})
    record = await kept(site, appointment)
    assert (record.papers_seen, record.papers_unseen, record.fingerprint) == ([card], 2, "device")
    assert 'type="file"' not in page


@pytest.mark.requirement("003-05", "S")
async def test_an_inquiry_is_kept_with_the_record_or_before_it(site: Site) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]
    inquiry = {"system": "foreigners", "purpose": "identity", "result": "yes", "code": "98765432"}

    none = await serve(browser, appointment, {"do": "inquiry"})
    answer = await serve(browser, appointment, {**inquiry, "do": "inquiry"}, headers=HTMX)
    state = await site.storage.read(state_of, appointment=appointment)
    await serve(browser, appointment, {**inquiry, "reference": "1"})

    assert none.status_code == 422
    assert "استعلام ثبت شد" in answer.text
    assert state is AppointmentState.BOOKED
    counts = await site.storage.read(lambda session: session.scalar(select(func.count()).select_from(Inquiry)))
    assert counts == 2


async def test_a_visit_with_its_record_leads_back_to_the_list(site: Site) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]
    await serve(browser, appointment, {"reference": "1"})
    again = await browser.get(f"/today/{appointment}/record")
    assert again.headers["location"].endswith(f"#appointment-{appointment}")
    late = await browser.post(
        f"/today/{appointment}/record",
        {
            "closing": "no_receipt",
            "why": "device",
            "information": "yes",
            "fingerprint": "yes",
            "photo": "yes",
            **SERVED,
        },
        headers=HTMX,
    )
    assert "از پیش ثبت شده است" in late.text


@pytest.mark.requirement("000-08", "M")
async def test_manager_and_directorate_see_what_is_missing_wrong_and_why(site: Site) -> None:
    clerk, appointment = await site.signed_in("clerk"), site.world.appointments[0]
    typed = {"amount": "40000", "reference": "55", "why": "mistake", "words": "اشتباه کشیدیم"}
    await serve(clerk, appointment, typed)
    for who in ("manager", "province", "admin"):
        page = (await (await site.signed_in(who)).get(f"/today/receipts?day={TODAY}")).text
        assert "بیشتر از هزینهٔ مصوب" in page, who
        assert "اشتباه کشیدیم" in page, who
        assert "۴۰ هزار تومان" in page, who
        assert "گل‌آقا رحیمی" not in page, who
        assert "انجام شد، بدون ثبت خدمت" in page, f"{who}: the world has one served without a record"
    assert "بیشتر از هزینهٔ مصوب" not in (await (await site.signed_in("otherprovince")).get("/today/receipts")).text
    assert (await clerk.get("/today/receipts")).status_code == 403


async def test_the_day_is_taken_away_as_a_file_with_its_purpose(site: Site) -> None:
    clerk, appointment = await site.signed_in("clerk"), site.world.appointments[0]
    await serve(clerk, appointment, {"closing": "free", "why": "exempt"})
    manager = await site.signed_in("manager")
    asked = {"day": TODAY.isoformat(), "office": str(site.world.office)}
    assert (await manager.post("/today/receipts/export", asked)).status_code == 422
    file = await manager.post("/today/receipts/export", {**asked, "purpose": "review"})
    assert file.headers["content-type"].startswith("application/vnd.openxml")
    text = part_of(file.content, "xl/sharedStrings.xml").decode()
    for said in ("رایگان، با این‌که هزینه دارد", "متقاضی معاف است", "زهرا احمدی", "مریم کاظمی"):
        assert said in text


async def test_a_missing_record_is_kept_from_the_list_of_receipts(site: Site) -> None:
    manager = await site.signed_in("manager")
    missing = site.world.appointments[2]
    assert f'href="/today/{missing}/record"' in (await manager.get("/today/receipts")).text
    await serve(manager, missing, {"reference": "7"})
    assert f'href="/today/{missing}/record"' not in (await manager.get("/today/receipts")).text


@pytest.mark.requirement("000-15", "M")
async def test_required_fields_are_entered_by_version_and_shown_with_author_and_source(site: Site) -> None:
    admin = await site.signed_in("admin")
    address = f"/catalogue/{site.world.service}/required"
    assert "اقلام لازم اعلام نشده است" in (await admin.get(address)).text
    for fields in ("نام", "نام\nنشانی"):
        form = form_at((await admin.get(address)).text, address)
        await admin.post(address, {**form.values, "fields_fa": fields, "fingerprint": "yes", "source_fa": "نامهٔ ۵"})
    page = (await admin.get(address)).text
    for said in ("نسخهٔ ۲ · نسخهٔ جاری", "نامهٔ ۵", "سارا یوسفی", "گرفته می‌شود"):
        assert said in page
    form = form_at(page, address)
    copies = await admin.post(address, {**form.values, "fields_fa": "کپی کارت"})
    assert copies.status_code == 422
    rows = await site.storage.read(lambda session: session.scalar(select(func.count()).select_from(RequiredFields)))
    assert rows == 2
    clerk = await site.signed_in("clerk")
    assert "نسخهٔ ۲" in (await clerk.get(address)).text
    assert (await clerk.post(address, form.values)).status_code == 403


@pytest.mark.requirement("000-10", "S")
async def test_a_clerk_reports_a_broker_and_only_the_directorate_reads_it(site: Site) -> None:
    clerk = await site.signed_in("clerk")
    office = site.world.office
    assert f'href="/today/report?office={office}"' in (await clerk.get("/today")).text
    bare = await clerk.post("/today/report", {"office": str(office)})
    answer = await clerk.post("/today/report", {"office": str(office), "sign": "sells", "words": "زیر پل می‌ایستد"})
    assert bare.status_code == 422
    assert answer.headers["location"] == f"/today?office={office}"
    for who in ("clerk", "manager"):
        assert (await (await site.signed_in(who)).get("/signs/reports")).status_code == 403
    province = await site.signed_in("province")
    page = (await province.get("/signs/reports")).text
    assert "کسی نوبت می‌فروشد" in page
    assert "زیر پل می‌ایستد" in page
    found = await site.storage.read(
        lambda session: session.scalars(select(BrokerReport.id).where(BrokerReport.sign == "sells")).one()
    )
    assert f"/signs/reports/{found}" in page
    await province.post(f"/signs/reports/{found}", {})
    after = (await province.get("/signs/reports")).text
    assert f'action="/signs/reports/{found}"' not in after
    assert "خوانده شد: " in after


async def test_no_page_has_a_field_for_more_than_the_fee(site: Site) -> None:
    browser, appointment = await site.signed_in("clerk"), site.world.appointments[0]
    page = (await browser.get(f"/today/{appointment}/record")).text
    form = form_at(page, f"/today/{appointment}/record")
    amounts = [name for name in form.values if "amount" in name or "tip" in name or "extra" in name]
    assert amounts == ["amount"]


def test_pages_serve_nobody_but_by_the_record() -> None:
    """What ends a visit as served goes through the record: no other page calls the outcome."""
    from pathlib import Path

    import backoffice

    here = Path(backoffice.__file__).parent
    calls = [
        path.relative_to(here).as_posix()
        for path in here.rglob("*.py")
        if "record_outcome" in path.read_text() and "Outcome.SERVED)" in path.read_text()
    ]
    assert calls == []
