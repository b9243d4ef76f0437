"""What a member of staff writes in a case is never lost: signed out, closed meanwhile, another form sent, a
concurrent reply."""

from __future__ import annotations

import html
import re

import httpx
import pyotp
import pytest
from sqlalchemy import func, select

from desk.acting import Actor
from desk.cases import actions
from desk.cases.models import Case, CaseEntry
from desk.cases.rules import EntryKind
from desk.erasure.actions import erase
from desk.staff.models import StaffMember
from desk.storage.base import ReadSession, WriteSession
from tests import makers_cases
from tests.backoffice.conftest import Browser, Site
from tests.backoffice.forms import form_at
from tests.backoffice.world import PASSWORD, SECRET
from tests.makers import NOW, by_staff

TEXT = "گزارش شما را خواندیم و فردا پاسخ می‌دهیم."


def texts(session: ReadSession, *, kind: EntryKind) -> list[str | None]:
    return makers_cases.texts(session, CaseEntry.kind == kind)


def drafts(session: ReadSession) -> list[str]:
    return makers_cases.drafts(session)


def hidden(page: httpx.Response, name: str) -> str:
    """The value of a hidden field of the reply, as the browser would send it."""
    form = page.text.partition('id="reply"')[2].partition("</form>")[0]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found is not None, form
    return html.unescape(found[1])


def in_the_reply(page: httpx.Response) -> str:
    found = re.search(r'<textarea[^>]*id="reply-text"[^>]*>([^<]*)<', page.text)
    assert found is not None
    return html.unescape(found[1])


async def test_a_draft_is_kept_while_writing_and_stands_there_again(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint
    kept = await browser.post(f"/inbox/{case}/draft", {"text": TEXT}, headers={"hx-request": "true"})
    mine = await browser.get(f"/inbox/{case}")
    others = await (await site.signed_in("admin")).get(f"/inbox/{case}")

    assert kept.status_code == 200
    assert "پیش‌نویس نگه داشته شد" in kept.text
    assert "<html" not in kept.text
    assert in_the_reply(mine) == TEXT
    assert in_the_reply(others) == ""

    sent = {"text": TEXT, "key": hidden(mine, "key"), "seen": hidden(mine, "seen")}
    assert (await browser.post(f"/inbox/{case}/reply", sent)).status_code == 303
    assert await site.storage.read(drafts) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("note", {"text": "یادداشت"}),
        ("note", {"text": ""}),
        ("state", {"to": "in_review"}),
        ("state", {"to": ""}),
        ("close", {"reason": ""}),
        ("assign", {"take": "1"}),
    ],
)
async def test_another_form_of_the_page_leaves_the_reply_standing(site: Site, path: str, form: dict[str, str]) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint

    await browser.post(f"/inbox/{case}/{path}", {**form, "draft": TEXT})

    assert in_the_reply(await browser.get(f"/inbox/{case}")) == TEXT


@pytest.mark.sqlite
async def test_a_reply_to_a_case_closed_meanwhile_is_kept_and_comes_back_with_the_case(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint
    await (await site.signed_in("admin")).post(f"/inbox/{case}/close", {"reason": "not_ours", "text": ""})

    answer = await browser.post(f"/inbox/{case}/reply", {"text": TEXT, "key": "k"})
    await browser.post(f"/inbox/{case}/reopen")

    assert answer.status_code == 422
    assert "این پرونده بسته است" in answer.text
    assert TEXT in answer.text
    assert in_the_reply(await browser.get(f"/inbox/{case}")) == TEXT


async def sign_in(site: Site, browser: Browser, page: httpx.Response, *, username: str) -> httpx.Response:
    """Sign in with the form that `page` shows, hidden fields and all, and with the phone's code, which comes next."""

    def known(session: WriteSession) -> None:
        member = session.scalars(select(StaffMember).where(StaffMember.username == username)).one()
        member.must_change_password = False

    await site.storage.write(known)
    asked = await fill_in(browser, page, {"username": username, "password": PASSWORD})
    return await fill_in(browser, asked, {"code": pyotp.TOTP(SECRET).at(site.clock.now())})


async def fill_in(browser: Browser, page: httpx.Response, said: dict[str, str]) -> httpx.Response:
    """Send the form of the sign-in that `page` shows."""
    action = re.search(r'action="(/sign-in[^"]*)"', page.text)
    assert action is not None
    form = form_at(page.text, html.unescape(action[1]))
    return await browser.client.post(form.action, data={**form.values, **said})


@pytest.mark.sqlite
async def test_signed_out_while_writing_keeps_the_reply_and_leads_back(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint
    browser.client.cookies.set("mizban", "gone")
    stood_on = {"referer": f"http://desk.test/inbox/{case}"}

    out = await browser.post(f"/inbox/{case}/reply", {"text": TEXT, "key": "k"}, headers=stood_on)
    back = await sign_in(site, browser, out, username="province")
    page = await browser.get(back.headers["location"])

    assert out.status_code == 401
    assert "چیزی فرستاده نشد" in out.text
    assert back.headers["location"] == f"/inbox/{case}"
    assert in_the_reply(page) == TEXT
    assert await site.storage.read(texts, kind=EntryKind.REPLY) == []


@pytest.mark.sqlite
async def test_a_reply_over_the_sign_in_is_nobodys_who_may_not_answer_there(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint
    browser.client.cookies.set("mizban", "gone")

    out = await browser.post(f"/inbox/{case}/reply", {"text": TEXT, "key": "k"})
    back = await sign_in(site, browser, out, username="otherprovince")

    assert back.status_code == 303
    assert await site.storage.read(drafts) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("referer", "to"),
    [
        ("http://desk.test/inbox?who=me&page=2", "/inbox?who=me&amp;page=2"),
        ("http://elsewhere.test/inbox", "/account/language"),
        ("http://[broken", "/account/language"),
        ("", "/account/language"),
    ],
)
async def test_a_form_that_finds_the_session_gone_leads_back_within_these_pages(
    site: Site, referer: str, to: str
) -> None:
    answer = await site.browser().post("/account/language", data={"language": "fa"}, headers={"referer": referer})

    assert answer.status_code == 401
    action = re.search(r'action="/sign-in\?next=([^"]*)"', answer.text)
    assert action is not None
    assert httpx.URL(f"http://x/?next={html.unescape(action[1])}").params["next"] == html.unescape(to)


async def test_answered_since_it_was_opened_is_shown_before_anything_is_sent(site: Site) -> None:
    one, case = await site.signed_in("province"), site.world.complaint
    other = await site.signed_in("admin")
    opened, also = await one.get(f"/inbox/{case}"), await other.get(f"/inbox/{case}")
    theirs = {"text": "پول را پس می‌دهند.", "key": "a", "seen": hidden(also, "seen")}
    await other.post(f"/inbox/{case}/reply", theirs)

    held = await one.post(f"/inbox/{case}/reply", {"text": TEXT, "key": "b", "seen": hidden(opened, "seen")})
    first = await site.storage.read(texts, kind=EntryKind.REPLY)
    again = {"text": in_the_reply(held), "key": hidden(held, "key"), "seen": hidden(held, "seen")}
    sent = await one.post(f"/inbox/{case}/reply", again)

    assert held.status_code == 422
    assert "چیز جدیدی نوشته شده" in held.text
    assert held.text.count("entry-new") == 2
    assert "با این حال فرستادن" in held.text
    assert in_the_reply(held) == TEXT
    assert first == ["پول را پس می‌دهند."]
    assert sent.status_code == 303
    assert await site.storage.read(texts, kind=EntryKind.REPLY) == ["پول را پس می‌دهند.", TEXT]


@pytest.mark.requirement("003-02", "S")
@pytest.mark.sqlite
async def test_a_demand_for_copies_or_a_card_number_is_asked_back_at_the_field(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint
    text = "کپی کارت را بیاورید و پول را به ۶۰۳۷ ۹۹۱۱ ۲۲۳۳ ۴۴۵۵ بریزید."

    asked = await browser.post(f"/inbox/{case}/reply", {"text": text, "key": "k"})
    before = await site.storage.read(texts, kind=EntryKind.REPLY)
    # What was accepted does not cover what is written in later.
    other = await browser.post(f"/inbox/{case}/reply", {"text": text, "key": "k", "accepted": "copies"})
    sent = await browser.post(f"/inbox/{case}/reply", {"text": text, "key": "k", "accepted": hidden(asked, "accepted")})

    assert asked.status_code == 422
    assert "هیچ دفتری حق آن را ندارد" in asked.text
    assert "شمارهٔ کارت" in asked.text
    assert in_the_reply(asked) == text
    assert before == []
    assert other.status_code == 422
    assert sent.status_code == 303


@pytest.mark.sqlite
async def test_a_note_pressed_twice_is_one_note(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint
    for _ in range(2):
        await browser.post(f"/inbox/{case}/note", {"text": "زنگ زدم.", "key": "n1"})
    assert await site.storage.read(texts, kind=EntryKind.NOTE) == ["زنگ زدم."]


@pytest.mark.sqlite
async def test_send_and_close_and_the_next_case(site: Site) -> None:
    browser, case = await site.signed_in("province"), site.world.complaint

    sent = await browser.post(f"/inbox/{case}/reply", {"text": TEXT, "key": "k", "close": "1"})
    page = await browser.get(f"/inbox/{case}")
    following = await browser.get(f"/inbox/{case}/next")

    assert sent.status_code == 303
    assert "بسته شد: کامل پاسخ داده شد" in page.text
    assert following.headers["location"] == f"/inbox/{site.world.question}"


@pytest.mark.sqlite
async def test_the_twin_that_did_not_look_sent_both(site: Site) -> None:
    """Without the line that was seen, as a page from before sends it, both go out: the field is what holds."""

    def both(session: WriteSession) -> int | None:
        members = {m.username: m.id for m in session.scalars(select(StaffMember))}
        for username in ("province", "admin"):
            by_staff(actions.reply)(
                session, case_id=site.world.complaint, staff_id=members[username], text=username, now=site.clock.at
            )
        return session.scalar(select(func.count()).where(CaseEntry.kind == EntryKind.REPLY))

    assert await site.storage.write(both) == 2


async def test_what_is_written_after_the_person_erased_their_data_is_kept_nowhere(site: Site) -> None:
    """A page that was open saves by itself, and its forms would write after the erasing."""
    browser, case = await site.signed_in("officer"), site.world.question

    def erase_them(session: WriteSession) -> None:
        chat = session.scalars(select(Case.conversation_id).where(Case.id == case)).one()
        assert chat is not None
        erase(session, actor=Actor.chat(chat), now=NOW)

    await site.storage.write(erase_them)
    said = "آنچه در این پرونده بود پاک شده است"
    by_itself = await browser.post(f"/inbox/{case}/draft", {"text": "آقای گل‌آقا"}, headers={"hx-request": "true"})
    reply = await browser.post(f"/inbox/{case}/reply", {"text": "آقای گل‌آقا", "key": "k"})
    note = await browser.post(f"/inbox/{case}/note", {"text": "آقای گل‌آقا"})
    assert [each.status_code for each in (by_itself, reply, note)] == [409, 422, 422]
    assert all(said in each.text for each in (by_itself, reply, note))
    left = await site.storage.read(drafts)
    assert left == []
