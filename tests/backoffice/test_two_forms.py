"""Two people have the same form open: the second is shown what the first changed, and may then save knowingly."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from backoffice.forms.versions import EditForm
from backoffice.offices.forms import OfficeForm
from desk.language.text import Locale
from desk.offices.models import Office
from desk.staff.models import RoleAssignment, StaffMember
from desk.storage.base import ReadSession
from tests.backoffice.conftest import LANGUAGE, Site
from tests.backoffice.forms import SentForm, form_at


async def opened(site: Site, who: str, page: str, address: str) -> SentForm:
    """The form of a page as this person opened it, without the token of that session."""
    form = form_at((await (await site.signed_in(who)).get(page)).text, address)
    del form.values["_token"]
    return form


QUEUE = "/capacity/{office}/queues/{queue}"
BEGUN: dict[str, dict[str, str | list[str]]] = {
    "day": {"day": "1405/10/06", "kind": "closed"},
    "new holiday": {"day": "1405/10/06"},
}
"""What both of them choose alike where a form begins empty."""

EDITS = {
    "office": ("/offices/{office}", "/offices/{office}", "manager", ("address_fa", "name_fa")),
    "service": ("/catalogue/{service}/edit", "/catalogue/{service}/edit", "admin", ("keywords", "duration_fa")),
    "paper": (
        "/catalogue/{service}/papers?paper=1",
        "/catalogue/{service}/papers/1",
        "admin",
        ("note_fa", "note_fa_AF"),
    ),
    "step": (
        "/catalogue/{service}/steps?step=1",
        "/catalogue/{service}/steps/1",
        "admin",
        ("agency_fa", "agency_fa_AF"),
    ),
    "queue": (f"{QUEUE}/edit", f"{QUEUE}/edit", "manager", ("name_fa", "name_fa_AF")),
    "day": (f"{QUEUE}/days", f"{QUEUE}/days", "manager", ("reason", None)),
    "holiday": ("/capacity/holidays?day=2026-12-01", "/capacity/holidays", "admin", ("name_fa", "name_fa_AF")),
    "new holiday": ("/capacity/holidays", "/capacity/holidays", "admin", ("name_fa", None)),
    "member": ("/staff/{clerk}", "/staff/{clerk}", "manager", ("name", None)),
}
"""The page, where its form goes, who changes it, and the fields the first and the second of the two change."""


@pytest.mark.parametrize("name", EDITS)
async def test_the_second_form_is_shown_what_changed_and_saves_knowingly(site: Site, name: str) -> None:
    page, address, who, (theirs, mine) = EDITS[name]
    world = {name: getattr(site.world, name) for name in site.world.__slots__}
    page, address = page.format(**world), address.format(**world)
    first, second = await opened(site, who, page, address), await opened(site, who, page, address)
    for form in (first, second):
        form.values |= BEGUN.get(name, {})
    browser = await site.signed_in(who)

    saved = await browser.post(address, {**first.values, theirs: "سخن نخستین"})
    typed = {**second.values, mine or theirs: "سخن دومین"}
    stopped = await browser.post(address, typed)
    knowingly = await browser.post(address, form_at(stopped.text, address).values)

    assert [saved.status_code, stopped.status_code, knowingly.status_code] == [303, 409, 303]
    table = stopped.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "سخن نخستین" in table
    assert table.count("<tr>") == 1
    assert form_at(stopped.text, address).values[mine or theirs] == "سخن دومین"
    assert f'id="{theirs}-meanwhile"' in stopped.text  # at the field too


@pytest.mark.sqlite
async def test_a_form_without_a_rival_saves(site: Site) -> None:
    address = f"/offices/{site.world.office}"
    form = await opened(site, "manager", address, address)

    answer = await (await site.signed_in("manager")).post(address, {**form.values, "name_fa": "نام تازه"})

    assert answer.status_code == 303


@pytest.mark.sqlite
async def test_a_holiday_taken_out_meanwhile_comes_back_as_a_new_one(site: Site) -> None:
    address = "/capacity/holidays"
    form = await opened(site, "admin", f"{address}?day=2026-12-01", address)
    browser = await site.signed_in("admin")

    await browser.post(f"{address}/{site.world.holiday}/delete")
    stopped = await browser.post(address, {**form.values, "name_fa": "نام تازه"})
    shown = form_at(stopped.text, address)
    again = await browser.post(address, shown.values)

    assert [stopped.status_code, again.status_code] == [409, 303]
    assert shown.values["name_fa"] == "نام تازه"
    assert "holiday" not in shown.values


@pytest.mark.sqlite
async def test_a_holiday_is_not_moved_onto_another_one(site: Site) -> None:
    address = "/capacity/holidays"
    browser = await site.signed_in("admin")
    await browser.post(address, {"day": "1405/09/12", "name_fa": "دیگری", "is_closed": "1"})
    form = await opened(site, "admin", f"{address}?day=2026-12-01", address)

    moved = await browser.post(address, {**form.values, "day": "1405/09/12"})

    assert moved.status_code == 422
    assert 'id="day-reasons"' in moved.text


@pytest.mark.sqlite
async def test_a_day_that_the_page_listed_is_changed_at_once(site: Site) -> None:
    address = f"/capacity/{site.world.office}/queues/{site.world.queue}/days"
    browser = await site.signed_in("manager")
    await browser.post(address, {"day": "1405/10/06", "kind": "closed", "reason": "آب"})
    form = await opened(site, "manager", address, address)

    saved = await browser.post(address, {**form.values, "day": "1405/10/06", "kind": "closed", "reason": "برق"})

    assert saved.status_code == 303


@pytest.mark.sqlite
async def test_a_case_taken_meanwhile_is_not_taken_away(site: Site) -> None:
    page = f"/inbox/{site.world.complaint}"
    take = await opened(site, "admin", page, f"{page}/assign")
    province, admin = await site.signed_in("province"), await site.signed_in("admin")

    await province.post(f"{page}/assign", {"take": "1"})
    stopped = await admin.post(f"{page}/assign", {**take.values, "take": "1"})
    knowingly = await admin.post(f"{page}/assign", form_at(stopped.text, f"{page}/assign").values)

    assert [stopped.status_code, knowingly.status_code] == [409, 303]
    assert "حسین مرادی" in stopped.text.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.sqlite
async def test_a_role_given_meanwhile_is_not_taken_back(site: Site) -> None:
    member = site.world.clerk
    address = f"/staff/{member}"
    first, second = [await opened(site, "manager", address, address) for _form in range(2)]
    browser = await site.signed_in("manager")
    place = f"office:{site.world.office}"

    await browser.post(address, {**first.values, "r1-role": "marshal", "r1-place": place})
    stopped = await browser.post(address, {**second.values, "name": "مریم کاظمی‌فر"})

    def roles(session: ReadSession) -> set[str]:
        return set(session.scalars(select(RoleAssignment.role).where(RoleAssignment.staff_id == member)))

    assert stopped.status_code == 409
    assert await site.storage.read(roles) == {"clerk", "marshal"}


@pytest.mark.sqlite
async def test_an_account_closed_meanwhile_stays_closed(site: Site) -> None:
    address = f"/staff/{site.world.clerk}"
    form = await opened(site, "manager", address, address)
    browser = await site.signed_in("manager")

    await browser.post(f"{address}/deactivate")
    stopped = await browser.post(address, {**form.values, "name": "مریم کاظمی‌فر"})
    await browser.post(address, form_at(stopped.text, address).values)

    def is_active(session: ReadSession) -> bool:
        return session.get_one(StaffMember, site.world.clerk).is_active

    assert stopped.status_code == 409
    assert not await site.storage.read(is_active)


@pytest.mark.sqlite
async def test_a_record_changed_meanwhile_is_not_confirmed_unseen(site: Site) -> None:
    page = f"/catalogue/{site.world.service}"
    confirm = await opened(site, "admin", page, f"{page}/confirm")
    edit = await opened(site, "admin", f"{page}/edit", f"{page}/edit")
    browser = await site.signed_in("admin")

    await browser.post(f"{page}/edit", {**edit.values, "keywords": "کارت تازه"})
    stopped = await browser.post(f"{page}/confirm", confirm.values)
    knowingly = await browser.post(f"{page}/confirm", form_at(stopped.text, f"{page}/confirm").values)

    assert [stopped.status_code, knowingly.status_code] == [409, 303]


async def both_at_once(site: Site) -> list[int]:
    """Two people change the name and the address of an office at the same moment."""
    address = f"/offices/{site.world.office}"
    forms = [await opened(site, who, address, address) for who in ("manager", "province")]
    browsers = [await site.signed_in(who) for who in ("manager", "province")]
    typed = [{"name_fa": "نام تازه"}, {"address_fa": "نشانی تازه"}]
    answers = await asyncio.gather(*(browsers[at].post(address, {**forms[at].values, **typed[at]}) for at in range(2)))
    return sorted(answer.status_code for answer in answers)


async def test_of_two_at_the_same_moment_one_is_asked(site: Site) -> None:
    assert await both_at_once(site) == [303, 409]


async def test_without_the_version_one_undoes_the_other(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: a form that does not compare versions, sent one after the other, since at one moment the
    order is chance."""
    monkeypatch.setattr(EditForm, "require_unchanged", lambda *_given, **_rest: None)
    address = f"/offices/{site.world.office}"
    forms = [await opened(site, who, address, address) for who in ("manager", "province")]
    typed = [{"name_fa": "نام تازه"}, {"address_fa": "نشانی تازه"}]
    for who, form, change in zip(("manager", "province"), forms, typed, strict=True):
        assert (await (await site.signed_in(who)).post(address, {**form.values, **change})).status_code == 303

    def kept(session: ReadSession) -> bool:
        office = session.get_one(Office, site.world.office)
        return "تازه" in str(office.name) and "تازه" in str(office.address)

    assert not await site.storage.read(kept)


def test_what_stands_there_now_keeps_its_order_and_persian_digits() -> None:
    """The plus of a telephone number stood behind it, in Latin digits, between the Persian words."""
    said = OfficeForm().phone.said("+982632510000")
    assert said is not None
    assert LANGUAGE.plain(said, Locale.FA) == "\u2066+۹۸۲۶۳۲۵۱۰۰۰۰\u2069"
    assert OfficeForm().phone.said("") is None
