"""Hours and accounts are compared anew under the lock: what a colleague saves while a press waits is seen first."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backoffice.brought_in import hours, staff
from backoffice.brought_in.staff_rows import FIELDS
from desk.capacity.models import OpeningRule
from desk.staff.models import RoleAssignment, StaffMember
from desk.storage.base import WriteSession
from tests.backoffice import test_hours_brought_in as of_hours
from tests.backoffice import test_staff_brought_in as of_staff
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.backoffice.workbooks import workbook
from tests.makers import TODAY


async def test_hours_that_a_colleague_saves_while_it_waits_for_them_are_seen(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await of_hours.taken(browser)
    preview = await of_hours.sent(browser, [head, *rows, of_hours.row()])
    held: list[int] = []

    def hold_after_a_colleague(session: WriteSession, queue_id: int) -> str:
        session.execute(update(OpeningRule).where(OpeningRule.weekday == 4).values(counters=1))
        held.append(queue_id)
        return "Asia/Tehran"

    monkeypatch.setattr(hours, "keep_queue", hold_after_a_colleague)
    answer = await of_hours.confirmed(browser, preview)

    assert (answer.status_code, held) == (409, [site.world.queue])
    assert "۱ باجه" in answer.text


async def test_an_account_that_a_colleague_saves_while_it_waits_is_seen(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await site.signed_in("manager")
    head, *rows = await of_staff.taken(browser)
    mine = of_staff.of(rows, "clerk") | {"name": "نام من"}
    preview = await of_staff.sent(browser, [head, mine])

    def hold_after_a_colleague(session: WriteSession) -> None:
        session.execute(update(StaffMember).where(StaffMember.username == "clerk").values(name="نام همکار"))

    monkeypatch.setattr(staff, "one_change_at_a_time", hold_after_a_colleague)
    answer = await of_staff.confirmed(browser, preview)

    assert answer.status_code == 409
    assert "نام همکار" in answer.text


async def test_two_who_bring_in_one_username_make_it_once(site: Site) -> None:
    manager, province = await site.signed_in("manager"), await site.signed_in("province")
    head, *_rows = await of_staff.taken(manager)
    previews = [await of_staff.sent(each, [head, of_staff.row()]) for each in (manager, province)]
    before = await of_staff.numbers(site)

    answers = [await of_staff.confirmed(each, seen) for each, seen in zip((manager, province), previews, strict=True)]

    assert [each.status_code for each in answers] == [200, 409]
    assert of_staff.SECRET.search(answers[1].text) is None
    assert await of_staff.numbers(site) == (before[0] + 1, before[1] + 1)


async def test_the_row_of_a_stranger_tells_nothing_of_their_account(site: Site) -> None:
    """Somebody who writes down what they suppose of an account elsewhere does not learn whether it is so."""
    admin, province = await site.signed_in("admin"), await site.signed_in("province")
    head, *rows = await of_staff.taken(admin)
    theirs = of_staff.of(rows, "otherclerk")
    supposed = theirs | {"place": "72-1101"}

    answers = [await of_staff.sent(province, [head, each]) for each in (supposed, supposed | {"name": "نام دیگر"})]

    for answer in answers:
        assert answer.status_code == 422
        assert "در حوزهٔ شما نیست" in answer.text
        assert "تغییرکرده" not in answer.text


async def test_a_press_over_a_file_with_a_fault_saves_nothing(site: Site) -> None:
    """Also where somebody sends the sign of that file along."""
    browser = await site.signed_in("manager")
    head, *_rows = await of_staff.taken(browser)
    good = await of_staff.sent(browser, [head, of_staff.row()])
    fields = form_at(good.text, of_staff.ALL).values
    before = await of_staff.numbers(site)
    faulty = workbook(
        [[row.get(name, "") for name in FIELDS] for row in (head, of_staff.row(), of_staff.row(username="1"))]
    )

    answer = await browser.post(of_staff.ALL, {**fields, "kept": b64encode(faulty).decode(), "do": "save"})

    assert answer.status_code == 409
    assert await of_staff.numbers(site) == before


async def test_what_is_refused_of_one_account_is_no_fault_of_the_next(site: Site) -> None:
    """Both are administrators; only the one without a last day has to stay."""
    browser = await site.signed_in("admin")
    head, *_rows = await of_staff.taken(browser)
    stays = of_staff.row(username="second", role="مدیر سامانه", place="سراسر کشور")
    ends = stays | {"username": "third", "valid_to": "1405/09/20"}
    await of_staff.confirmed(browser, await of_staff.sent(browser, [head, stays, ends]))

    def end_the_first(session: WriteSession) -> None:
        mine = select(StaffMember.id).where(StaffMember.username == "admin").scalar_subquery()
        session.execute(
            update(RoleAssignment).where(RoleAssignment.staff_id == mine).values(valid_to=TODAY + timedelta(days=30))
        )

    await site.storage.write(end_the_first)
    answer = await of_staff.sent(
        browser, [head, stays | {"is_active": "نه"}, ends | {"role": "متصدی باجه", "place": "72-1101"}]
    )

    assert answer.status_code == 422
    assert answer.text.count("تنها مدیر سامانهٔ کشور است") == 1
    assert "۱ تغییرکرده" in answer.text
