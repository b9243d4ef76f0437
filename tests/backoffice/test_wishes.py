"""What people wish for at the counter: on the list, with the answer of the office; and what an office has when."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM
from desk.appointments.assistance import wish
from desk.appointments.models import AppointmentAssistance
from desk.offices.assistance import state_assistance, stated
from desk.offices.rules import Assistance
from desk.outbox.models import OutboxMessage
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.makers import NOW

pytestmark = pytest.mark.sqlite  # tests/domain/test_wishes_at_the_counter.py runs on both databases


def answers(session: ReadSession) -> list[tuple[str | None, str | None]]:
    kept = AppointmentAssistance
    return [(row[0], row[1]) for row in session.execute(select(kept.woman_clerk, kept.arabic))]


def told(session: ReadSession) -> int:
    return len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.notice == "assistance")).all())


async def test_the_list_says_what_is_wished_for_and_its_page_answers(site: Site) -> None:
    first = site.world.appointments[0]
    clerk = await site.signed_in("clerk")
    page = (await clerk.get("/today")).text
    assert "خواسته: کارمند زن" in page
    there = f"/today/{first}/wishes"
    assert f'href="{there}"' in page

    form = form_at((await clerk.get(there)).text, there)
    assert "arabic" not in form.values, "nobody wished for it"
    for _ in range(2):
        done = await clerk.post(there, {**form.values, "woman_clerk": "cannot", "arabic": "arranged"})
        assert done.status_code == 303

    assert await site.storage.read(answers) == [("cannot", None)]
    assert "کارمند زن (نمی‌شود)" in (await clerk.get("/today")).text
    assert "هنوز چیزی گفته نشده" not in (await clerk.get(there)).text, "an answer is changed, and not taken back"


async def test_an_answer_is_not_taken_back_on_the_page(site: Site) -> None:
    there = f"/today/{site.world.appointments[0]}/wishes"
    clerk = await site.signed_in("clerk")
    form = form_at((await clerk.get(there)).text, there).values
    await clerk.post(there, {**form, "woman_clerk": "arranged"})

    form = form_at((await clerk.get(there)).text, there).values
    await clerk.post(there, {**form, "woman_clerk": ""})
    assert await site.storage.read(answers) == [("arranged", None)]


async def test_a_turn_that_is_over_or_without_wishes_has_no_such_page(site: Site) -> None:
    _first, arrived, served, plain, *_more = site.world.appointments

    def wished(session: WriteSession) -> None:
        wish(session, appointment_ids=[arrived, served], kinds=[Assistance.ARABIC])

    await site.storage.write(wished)
    clerk = await site.signed_in("clerk")
    for each in (arrived, served, plain):
        assert (await clerk.get(f"/today/{each}/wishes")).status_code == 303
        sent = await clerk.post(f"/today/{each}/wishes", {"arabic": "cannot"})
        assert sent.status_code == 303
    assert {row[1] for row in await site.storage.read(answers)} == {None, "asked"}


async def test_who_was_to_come_earlier_is_not_told_any_more(site: Site) -> None:
    there = f"/today/{site.world.appointments[0]}/wishes"
    clerk = await site.signed_in("clerk")
    await clerk.post(there, {"woman_clerk": "arranged"})

    assert await site.storage.read(answers) == [("arranged", None)]
    assert await site.storage.read(told) == 0


async def test_an_office_says_when_it_has_what(site: Site) -> None:
    there = f"/offices/{site.world.office}/assistance"
    manager = await site.signed_in("manager")
    form = form_at((await manager.get(there)).text, there).values

    refused = await manager.post(there, {**form, "pashto": "some"})
    assert refused.status_code == 422
    assert "لطفاً روزها را انتخاب کنید" in refused.text

    said = {**form, "woman_clerk": "every", "pashto": "some", "pashto_days": ["0", "2"], "arabic": "none"}
    assert (await manager.post(there, said)).status_code == 303

    def weekdays(session: ReadSession) -> dict[Assistance, frozenset[int]]:
        return dict(stated(session, office_id=site.world.office).weekdays)

    assert await site.storage.read(weekdays) == {
        Assistance.WOMAN_CLERK: frozenset(range(7)),
        Assistance.PASHTO: frozenset({0, 2}),
        Assistance.ARABIC: frozenset(),
    }
    history = (await (await site.signed_in("province")).get("/history?kind=office")).text
    assert "کارمند زن" in history


async def test_who_may_not_say_it_reads_it(site: Site) -> None:
    there = f"/offices/{site.world.office}/assistance"

    def say(session: WriteSession) -> None:
        said = {Assistance.PASHTO: frozenset({2})}
        state_assistance(session, office_id=site.world.office, weekdays=said, actor=SYSTEM, now=NOW)

    await site.storage.write(say)
    page = (await (await site.signed_in("clerk")).get(there)).text

    assert "دوشنبه" in page
    assert "اعلام نشده است" in page
    assert "<form class=" not in page
