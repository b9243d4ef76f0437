"""Two people have the same form open: the second is shown what the first changed, and may then save knowingly."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from backoffice.forms.versions import EditForm
from desk.offices.models import Office
from desk.staff.models import RoleAssignment, StaffMember
from desk.storage.base import ReadSession
from tests.backoffice.conftest import House
from tests.backoffice.forms import SentForm, form_at


async def opened(house: House, who: str, page: str, address: str) -> SentForm:
    """The form of a page as this person opened it, without the token of that session."""
    form = form_at((await (await house.signed_in(who)).get(page)).text, address)
    del form.values["_token"]
    return form


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
    "member": ("/staff/{clerk}", "/staff/{clerk}", "manager", ("name", None)),
}
"""The page, where its form goes, who changes it, and the fields the first and the second of the two change."""


@pytest.mark.parametrize("name", EDITS)
async def test_the_second_form_is_shown_what_changed_and_saves_knowingly(house: House, name: str) -> None:
    page, address, who, (theirs, mine) = EDITS[name]
    world = {name: getattr(house.world, name) for name in house.world.__slots__}
    page, address = page.format(**world), address.format(**world)
    first, second = await opened(house, who, page, address), await opened(house, who, page, address)
    browser = await house.signed_in(who)

    saved = await browser.post(address, {**first.values, theirs: "سخن نخستین"})
    typed = {**second.values, mine or theirs: "سخن دومین"}
    stopped = await browser.post(address, typed)
    knowingly = await browser.post(address, form_at(stopped.text, address).values)

    assert [saved.status_code, stopped.status_code, knowingly.status_code] == [303, 409, 303]
    table = stopped.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "سخن نخستین" in table
    assert table.count("<tr>") == 1
    assert form_at(stopped.text, address).values[mine or theirs] == "سخن دومین"


@pytest.mark.sqlite
async def test_a_form_without_a_rival_saves(house: House) -> None:
    address = f"/offices/{house.world.office}"
    form = await opened(house, "manager", address, address)

    answer = await (await house.signed_in("manager")).post(address, {**form.values, "name_fa": "نام تازه"})

    assert answer.status_code == 303


@pytest.mark.sqlite
async def test_a_role_given_meanwhile_is_not_taken_back(house: House) -> None:
    member = house.world.clerk
    address = f"/staff/{member}"
    first, second = [await opened(house, "manager", address, address) for _form in range(2)]
    browser = await house.signed_in("manager")
    place = f"office:{house.world.office}"

    await browser.post(address, {**first.values, "r1-role": "marshal", "r1-place": place})
    stopped = await browser.post(address, {**second.values, "name": "مریم کاظمی‌فر"})

    def roles(session: ReadSession) -> set[str]:
        return set(session.scalars(select(RoleAssignment.role).where(RoleAssignment.staff_id == member)))

    assert stopped.status_code == 409
    assert await house.storage.read(roles) == {"clerk", "marshal"}


@pytest.mark.sqlite
async def test_an_account_closed_meanwhile_stays_closed(house: House) -> None:
    address = f"/staff/{house.world.clerk}"
    form = await opened(house, "manager", address, address)
    browser = await house.signed_in("manager")

    await browser.post(f"{address}/deactivate")
    stopped = await browser.post(address, {**form.values, "name": "مریم کاظمی‌فر"})
    await browser.post(address, form_at(stopped.text, address).values)

    def is_active(session: ReadSession) -> bool:
        return session.get_one(StaffMember, house.world.clerk).is_active

    assert stopped.status_code == 409
    assert not await house.storage.read(is_active)


@pytest.mark.sqlite
async def test_a_record_changed_meanwhile_is_not_confirmed_unseen(house: House) -> None:
    page = f"/catalogue/{house.world.service}"
    confirm = await opened(house, "admin", page, f"{page}/confirm")
    edit = await opened(house, "admin", f"{page}/edit", f"{page}/edit")
    browser = await house.signed_in("admin")

    await browser.post(f"{page}/edit", {**edit.values, "keywords": "کارت تازه"})
    stopped = await browser.post(f"{page}/confirm", confirm.values)
    knowingly = await browser.post(f"{page}/confirm", form_at(stopped.text, f"{page}/confirm").values)

    assert [stopped.status_code, knowingly.status_code] == [409, 303]


async def both_at_once(house: House) -> list[int]:
    """Two people change the name and the address of an office at the same moment."""
    address = f"/offices/{house.world.office}"
    forms = [await opened(house, who, address, address) for who in ("manager", "province")]
    browsers = [await house.signed_in(who) for who in ("manager", "province")]
    typed = [{"name_fa": "نام تازه"}, {"address_fa": "نشانی تازه"}]
    answers = await asyncio.gather(*(browsers[at].post(address, {**forms[at].values, **typed[at]}) for at in range(2)))
    return sorted(answer.status_code for answer in answers)


async def test_of_two_at_the_same_moment_one_is_asked(house: House) -> None:
    assert await both_at_once(house) == [303, 409]


async def test_without_the_version_one_undoes_the_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a form that does not compare. One after the other, since at one moment it is chance who reads first."""
    monkeypatch.setattr(EditForm, "require_unchanged", lambda *_given, **_rest: None)
    address = f"/offices/{house.world.office}"
    forms = [await opened(house, who, address, address) for who in ("manager", "province")]
    typed = [{"name_fa": "نام تازه"}, {"address_fa": "نشانی تازه"}]
    for who, form, change in zip(("manager", "province"), forms, typed, strict=True):
        assert (await (await house.signed_in(who)).post(address, {**form.values, **change})).status_code == 303

    def kept(session: ReadSession) -> bool:
        office = session.get_one(Office, house.world.office)
        return "تازه" in str(office.name) and "تازه" in str(office.address)

    assert not await house.storage.read(kept)
