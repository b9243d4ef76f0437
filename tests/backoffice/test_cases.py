"""The inbox and its cases: finding, answering, noting, assigning, closing, and what became of each message."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.cases.models import Case, CaseEntry
from desk.cases.privacy import forget_closed
from desk.cases.rules import CaseState, Contact
from desk.catalogue.models import Service
from desk.offices.models import Office
from desk.offices.rules import OfficeKind
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.reading.folding import strip_bidi
from desk.storage.base import ReadSession, WriteSession
from desk.values import Money
from desk.verify import verify
from tests import makers, makers_cases
from tests.backoffice.conftest import Browser, Site
from tests.makers_cases import file_complaint
from tests.makers_fees import make_fee


def state_of(session: ReadSession, *, case: int) -> CaseState:
    """The state of a case."""
    return session.scalars(select(Case.state).where(Case.id == case)).one()


def deliver(session: WriteSession, *, state: DeliveryState, reason: str | None) -> None:
    """Let every message about a case have this fate."""
    is_open = state in {DeliveryState.OPEN, DeliveryState.CLAIMED}
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.about.like("entry:%"))
        .values(state=state, reason=reason, is_open=is_open, tries=1)
    )


async def replied(site: Site, browser: Browser) -> str:
    """Answer the complaint; the text of its page."""
    case = site.world.complaint
    await browser.post(f"/inbox/{case}/reply", {"text": "با دفتر صحبت کردیم. پول را پس می‌دهند.", "key": "k1"})
    return (await browser.get(f"/inbox/{case}")).text


async def test_the_story_of_a_complaint(site: Site) -> None:
    """From the inbox over taking, noting and replying to closing and opening again; both databases."""
    browser = await site.signed_in("province")
    case = site.world.complaint

    box = await browser.get("/inbox?late=1")
    taken = await browser.post(f"/inbox/{case}/assign", {"take": "1"})
    noted = await browser.post(f"/inbox/{case}/note", {"text": "دفتر سابقه دارد."})
    text = await replied(site, browser)
    closed = await browser.post(f"/inbox/{case}/close", {"reason": "answered", "text": "سپاسگزاریم"})
    reopened = await browser.post(f"/inbox/{case}/reopen")
    end = (await browser.get(f"/inbox/{case}")).text

    assert "پول اضافه گرفتند" in box.text
    assert "تأخیر" in box.text
    assert [each.status_code for each in (taken, noted, closed, reopened)] == [303] * 4
    for each in ("پرونده را به عهده گرفت", "فقط برای همکاران", "دفتر سابقه دارد.", "در صف فرستادن", "۶۰ هزار تومان"):
        assert each in text
    assert "بسته شد: کامل پاسخ داده شد" in end
    assert await site.storage.read(state_of, case=case) is CaseState.IN_REVIEW
    assert await site.storage.read(verify) == []


@pytest.mark.sqlite
@pytest.mark.parametrize("contact", [Contact.CODE, Contact.NOBODY])
async def test_only_who_is_told_is_said_to_be_told(site: Site, contact: Contact) -> None:
    """Before, «the person will be told» stood also at cases whose person nobody may contact."""
    is_told = contact is not Contact.NOBODY

    def fill(session: WriteSession) -> int:
        office = session.get_one(Office, site.world.office)
        return file_complaint(session, office=office, contact=contact, name=None).case_id

    case = await site.storage.write(fill)
    browser = await site.signed_in("province")
    pages = [(await browser.get(f"/inbox/{case}")).text]
    sent: tuple[tuple[str, dict[str, str]], ...] = (
        ("state", {"to": "with_unit"}),
        ("reply", {"text": "بررسی کردیم.", "key": "k1"}),
        ("close", {"reason": "answered", "text": ""}),
        ("reopen", {}),
        ("reply", {"text": "پول را پس می‌دهند.", "key": "k2", "close": "1"}),
    )
    for action, form in sent:
        answer = await browser.post(f"/inbox/{case}/{action}", form)
        assert answer.status_code == 303, action
        pages.append((await browser.get(f"/inbox/{case}")).text)
    told = ("خبر داده می‌شود", "پاسخ در راه است", "اطلاع به متقاضی")
    promises = [promise for page in pages for promise in told if promise in page]
    assert bool(promises) == is_told, promises
    assert ("با کد خود" in "".join(pages)) != is_told
    outbox = await site.storage.read(lambda session: session.scalars(select(OutboxMessage.params)).all())
    assert any(params.get("case") == case for params in outbox) == is_told


@pytest.mark.sqlite
async def test_the_same_form_twice_is_one_reply(site: Site) -> None:
    browser = await site.signed_in("province")
    await replied(site, browser)
    await replied(site, browser)

    def replies(session: ReadSession) -> list[str | None]:
        return makers_cases.texts(session, CaseEntry.kind == "reply")

    assert len(await site.storage.read(replies)) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("state", "reason", "said", "moves"),
    [
        (DeliveryState.OPEN, None, "دوباره فرستاده می‌شود", True),
        (DeliveryState.SENT, None, "فرستاده شد", False),
        (DeliveryState.DEAD, "blocked", "متقاضی ربات را مسدود کرده است", False),
        (DeliveryState.DEAD, "Forbidden: x", "دلیل فنی", False),
    ],
)
async def test_each_reply_says_what_became_of_it(
    site: Site, state: DeliveryState, reason: str | None, said: str, moves: bool
) -> None:
    browser = await site.signed_in("province")
    text = await replied(site, browser)
    found = re.search(r'hx-get="(/inbox/\d+/delivery/\d+)" hx-trigger="every', text)
    assert found is not None
    await site.storage.write(lambda session: deliver(session, state=state, reason=reason))

    piece = await browser.get(found.group(1), headers={"hx-request": "true"})

    assert "<html" not in piece.text
    assert said in piece.text
    assert ("every 3s" in piece.text) == moves


@pytest.mark.sqlite
async def test_a_question_is_not_said_to_have_left_out_what_only_a_complaint_is_asked(site: Site) -> None:
    browser = await site.signed_in("manager")
    question = (await browser.get(f"/inbox/{site.world.question}")).text
    complaint = (await (await site.signed_in("province")).get(f"/inbox/{site.world.complaint}")).text

    for fact in ("پرداختی", "تاریخ رخداد"):
        assert f"<dt>{fact}</dt>" not in question
        assert f"<dt>{fact}</dt>" in complaint


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("reply", {"text": "   ", "key": "k"}, "لطفاً این‌جا را پر کنید"),
        ("reply", {"text": "آ" * 3001, "key": "k"}, "متن طولانی است: حداکثر ۳۰۰۰ حرف"),
        ("note", {"text": ""}, "لطفاً این‌جا را پر کنید"),
        ("close", {"reason": "", "text": "متن بستن"}, "لطفاً این‌جا را پر کنید"),
        ("close", {"reason": "withdrawn", "text": "متن بستن"}, "لطفاً یکی از فهرست را انتخاب کنید"),
        ("state", {"to": "closed"}, "لطفاً یکی از فهرست را انتخاب کنید"),
    ],
)
async def test_a_form_comes_back_filled_with_the_reason(site: Site, path: str, form: dict[str, str], said: str) -> None:
    browser = await site.signed_in("province")

    answer = await browser.post(f"/inbox/{site.world.complaint}/{path}", form)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert form.get("text", "").strip() in answer.text


@pytest.mark.sqlite
async def test_a_closed_case_takes_no_reply(site: Site) -> None:
    browser = await site.signed_in("province")
    case = site.world.complaint
    await browser.post(f"/inbox/{case}/close", {"reason": "not_ours", "text": ""})

    answer = await browser.post(f"/inbox/{case}/reply", {"text": "باز هم سلام", "key": "k"})

    assert answer.status_code == 422
    assert "این پرونده بسته است" in answer.text


@pytest.mark.sqlite
async def test_a_code_leads_to_its_case(site: Site) -> None:
    browser = await site.signed_in("province")

    answer = await browser.get(f"/inbox?q=کد {site.world.complaint_code}")

    assert answer.headers["location"] == f"/inbox/{site.world.complaint}"


@pytest.mark.sqlite
async def test_words_of_the_thread_are_found(site: Site) -> None:
    browser = await site.signed_in("province")

    found, missing = await browser.get("/inbox?q=رسید ندادند"), await browser.get("/inbox?q=هواپیما")

    assert found.text.count("data-row") == 1
    assert missing.text.count("data-row") == 0
    assert "پیدا نشد" in missing.text


@pytest.mark.sqlite
async def test_filters_by_kind_state_and_owner(site: Site) -> None:
    browser = await site.signed_in("province")
    await browser.post(f"/inbox/{site.world.complaint}/assign", {"take": "1"})

    async def rows(query: str) -> int:
        return (await browser.get(f"/inbox?{query}")).text.count("data-row")

    assert [
        await rows(each) for each in ("kind=question", "who=me", "who=nobody", "state=closed", "state=nonsense")
    ] == [
        1,
        1,
        1,
        0,
        2,
    ]


@pytest.mark.sqlite
async def test_a_case_is_given_only_to_who_may_handle_it(site: Site) -> None:
    browser = await site.signed_in("province")
    case = site.world.complaint

    page = (await browser.get(f"/inbox/{case}/assign")).text
    refused = await browser.post(f"/inbox/{case}/assign", {"to": str(site.world.manager)})

    assert "سارا یوسفی" in page
    assert "زهرا احمدی" not in page
    assert refused.status_code == 422


@pytest.mark.requirement("000-09", "M")
@pytest.mark.sqlite
async def test_what_was_paid_stands_beside_the_approved_fee(site: Site) -> None:
    browser = await site.signed_in("province")

    text = (await browser.get(f"/inbox/{site.world.complaint}/fee")).text

    assert "۲۷ هزار تومان" in text
    assert "۳۳ هزار تومان" in text


@pytest.mark.requirement("000-09", "M")
@pytest.mark.sqlite
async def test_the_fee_beside_a_complaint_is_that_of_its_day_and_its_office(site: Site) -> None:
    """The fee has risen since and the province has its own: also where the nation handles a case about a
    directorate."""
    browser = await site.signed_in("admin")

    def make(session: WriteSession) -> int:
        service = session.get_one(Service, site.world.service)
        desk = makers.make_office(session, code="26-0001", kind=OfficeKind.DIRECTORATE)
        before, after = makers.TODAY - timedelta(days=1), makers.TODAY
        make_fee(session, service=service, rial=310_000, province_code="IR-30", valid_to=before)
        make_fee(session, service=service, rial=990_000, province_code="IR-30", valid_from=after)
        case = file_complaint(session, office=desk, paid=Money(500_000)).case_id
        row = session.get_one(Case, case)
        row.service_id, row.happened_on = service.id, before
        assert row.handler_province_code is None
        return case

    case = await site.storage.write(make)
    text = (await browser.get(f"/inbox/{case}/fee")).text
    assert "۳۱ هزار تومان" in text
    assert "۱۹ هزار تومان" in text
    assert "۹۹ هزار تومان" not in text


@pytest.mark.sqlite
async def test_what_else_was_answered_stands_with_the_case(site: Site) -> None:
    browser = await site.signed_in("province")
    facts = {"safe": "no", "may_call": "yes", "caller": "woman", "phone": "+989121234567"}

    def make(session: WriteSession) -> int:
        office = session.get_one(Office, site.world.office)
        return file_complaint(session, office=office, category="VIOLENCE", facts=facts).case_id

    text = (await browser.get(f"/inbox/{await site.storage.write(make)}")).text
    for each in ("الان در امان", "اجازهٔ تلفن", "یک خانم", "۰۹۱۲ ۱۲۳ ۴۵۶۷"):
        assert each in text


@pytest.mark.sqlite
async def test_the_desk_cannot_choose_solved(site: Site) -> None:
    """It is not offered, and not taken where somebody sends it all the same."""
    browser = await site.signed_in("province")
    case = site.world.complaint
    page = (await browser.get(f"/inbox/{case}")).text
    sent = await browser.post(f"/inbox/{case}/close", {"reason": "solved", "text": "خوب شد"})
    assert 'value="answered"' in page
    assert 'value="solved"' not in page
    assert sent.status_code == 422
    assert await site.storage.read(state_of, case=case) is not CaseState.CLOSED


@pytest.mark.sqlite
async def test_the_language_to_answer_in_is_named(site: Site) -> None:
    officer, province = await site.signed_in("officer"), await site.signed_in("province")

    question = (await officer.get(f"/inbox/{site.world.question}")).text
    complaint = (await province.get(f"/inbox/{site.world.complaint}")).text

    assert "به دری بنویسید" in question
    assert "به فارسی بنویسید" in complaint


@pytest.mark.sqlite
async def test_an_answered_case_has_no_clock_and_a_late_one_says_so_in_words(site: Site) -> None:
    browser = await site.signed_in("province")
    before = (await browser.get("/inbox")).text
    await replied(site, browser)
    site.clock.move(timedelta(days=30))
    after = (await (await site.signed_in("province")).get("/inbox?state=answered")).text

    assert "۱ روز تأخیر" in before
    assert "منتظر متقاضی" in after
    assert "دیر شده" not in after


@pytest.mark.parametrize("page", [2, 3, 400])
async def test_a_page_behind_the_end_shows_the_last_one(site: Site, page: int) -> None:
    def more(session: WriteSession) -> None:
        for _ in range(31):
            file_complaint(session, office=session.get_one(Office, site.world.office))

    await site.storage.write(more)
    browser = await site.signed_in("province")

    text = (await browser.get(f"/inbox?page={page}")).text

    assert text.count("data-row") == 8
    assert "صفحهٔ ۲ از ۲" in text


@pytest.mark.sqlite
async def test_a_search_that_fails_says_what_was_looked_for_and_where_and_how_to_widen_it(site: Site) -> None:
    browser = await site.signed_in("province")
    case = site.world.complaint
    await browser.post(f"/inbox/{case}/close", {"reason": "not_ours", "text": ""})

    failed = (await browser.get("/inbox?q=رسید ندادند")).text
    wider = re.search(r'href="(/inbox\?state=all[^"]*)"', failed)
    assert wider is not None
    found = (await browser.get(wider[1].replace("&amp;", "&"))).text
    nowhere = (await browser.get("/inbox?state=all&q=هواپیما")).text

    assert "رسید ندادند» در پرونده‌های باز و در حوزهٔ شما پیدا نشد" in strip_bidi(failed)
    assert found.count("data-row") == 1
    assert "هواپیما» در همهٔ پرونده‌ها" in strip_bidi(nowhere)
    assert "/inbox?state=all" not in nowhere.partition('id="cases"')[2]


async def test_a_row_shows_who_wrote_last_how_it_begins_and_when(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint
    before = strip_bidi((await browser.get("/inbox?kind=complaint")).text)
    question = strip_bidi((await browser.get("/inbox?kind=question")).text)
    await browser.post(f"/inbox/{case}/note", {"text": "به دفتر زنگ زدم. " + "فردا دوباره می‌پرسم و پاسخ می‌دهم. " * 8})
    after = strip_bidi((await browser.get("/inbox?kind=complaint")).text)

    assert "متقاضی" in before.partition("case-last")[2]
    assert "پیام صوتی" in before.partition("case-last")[2]
    assert "سلام. برای تمدید کارت باید همهٔ خانواده بیایند؟" in question
    last = after.partition("case-last")[2].partition("case-who")[0]
    assert "حسین مرادی" in last
    assert "به دفتر زنگ زدم." in last
    assert "…" in last
    assert last.count("فردا دوباره") < 8


async def test_a_case_whose_period_is_over_offers_nothing_that_would_be_refused(site: Site) -> None:
    """Once its texts are gone nothing is written into it any more, and who it was is not told."""
    browser = await site.signed_in("province")
    case = site.world.question
    page = f"/inbox/{case}"
    await browser.post(f"{page}/close", {"reason": "answered", "text": "سپاسگزاریم"})
    before = (await browser.get(page)).text
    await site.storage.write(forget_closed, before=site.clock.now() + timedelta(days=1), limit=100)
    after = (await browser.get(page)).text

    for form in ("note", "reopen"):
        assert f'action="{page}/{form}"' in before
        assert f'action="{page}/{form}"' not in after
        answer = await browser.post(f"{page}/{form}", {"text": "دیر شد", "key": "k9"})
        assert answer.status_code in {409, 422}
    sentence = "آنچه در این پرونده بود پاک شده است."
    assert sentence in after
    assert sentence not in before
    assert "/name" in before
    assert "/name" not in after
