"""The day's list: one tap to record, one to undo, and every reason told at the row."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from desk.appointments.models import Appointment
from desk.appointments.rules import State
from desk.audit.models import AuditEntry
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from desk.visits.models import Visit
from tests.backoffice.conftest import House

pytestmark = pytest.mark.sqlite  # the stories run on both databases


def state_of(session: ReadSession, *, turn: int) -> State:
    """Where a turn stands."""
    return session.scalars(select(Appointment.state).where(Appointment.id == turn)).one()


async def test_the_list_shows_who_when_and_what(house: House) -> None:
    text = (await (await house.signed_in("clerk")).get("/today")).text

    assert "شنبه ۳۰ آبان ۱۴۰۵" in text
    assert text.index("گل‌آقا رحیمی") < text.index("فاطمه محمدی")
    for each in ("۴:۰۵", "کارت آمایش", "۴۸۲۸", "احراز هویت"):
        assert each in text


async def test_a_plain_form_records_and_leads_back_to_the_row(house: House) -> None:
    browser = await house.signed_in("clerk")
    turn = house.world.turns[0]

    answer = await browser.post(f"/today/{turn}", {"do": "arrive"})
    page = await browser.get(answer.headers["location"])

    assert answer.headers["location"].endswith(f"#turn-{turn}")
    assert await house.storage.read(state_of, turn=turn) is State.ARRIVED
    assert "ثبت شد." in page.text
    assert "ثبت شد." not in (await browser.get("/today")).text


async def test_htmx_gets_the_row_and_the_figures_only(house: House) -> None:
    browser = await house.signed_in("clerk")
    turn = house.world.turns[0]

    answer = await browser.post(f"/today/{turn}", {"do": "arrive"}, headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="turn-{turn}"' in answer.text
    assert answer.text.count("data-row") == 1
    assert 'id="counts" hx-swap-oob="true"' in answer.text


@pytest.mark.parametrize(
    ("outcome", "day", "state"),
    [
        ("served", "", State.SERVED),
        ("absent", "", State.ABSENT),
        ("come_back", "۱۴۰۵/۰۹/۰۷", State.COME_BACK),
        ("come_back", "1405-9-7", State.COME_BACK),
    ],
)
async def test_every_outcome_can_be_recorded_and_undone(house: House, outcome: str, day: str, state: State) -> None:
    browser = await house.signed_in("clerk")
    turn = house.world.turns[0]

    await browser.post(f"/today/{turn}", {"do": outcome, "come_back_on": day})
    recorded = await house.storage.read(state_of, turn=turn)
    await browser.post(f"/today/{turn}", {"do": "undo_outcome"})
    undone = await house.storage.read(state_of, turn=turn)

    assert [recorded, undone] == [state, State.BOOKED]
    assert await house.storage.read(verify) == []


async def test_come_back_is_kept_with_its_day(house: House) -> None:
    browser = await house.signed_in("clerk")
    turn = house.world.turns[0]

    asked = await browser.get(f"/today/{turn}/back", headers={"hx-request": "true"})
    await browser.post(f"/today/{turn}", {"do": "come_back:2026-11-24", "come_back_on": ""})

    assert "<html" not in asked.text
    assert 'value="come_back:2026-11-24"' in asked.text

    def day(session: ReadSession) -> object:
        return session.scalars(select(Visit.come_back_on).where(Visit.appointment_id == turn)).one()

    assert str(await house.storage.read(day)) == "2026-11-24"
    assert "سه‌شنبه ۳ آذر" in (await browser.get("/today")).text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "come_back", "come_back_on": ""}, "لطفاً این‌جا را پر کنید"),
        ({"do": "come_back", "come_back_on": "پس‌فردای دور"}, "لطفاً روز را مانند ۱۴۰۵/۰۸/۳۰ بنویسید"),
        ({"do": "come_back", "come_back_on": "1405/08/29"}, "لطفاً روز آمدن دوباره را بنویسید"),
        ({"do": "gone"}, "لطفاً بگویید مراجعه چگونه پایان یافت"),
    ],
)
async def test_the_reason_stands_in_the_row(house: House, form: dict[str, str], said: str) -> None:
    browser = await house.signed_in("clerk")
    turn = house.world.turns[0]

    answer = await browser.post(f"/today/{turn}", form, headers={"hx-request": "true"})
    plain = await browser.post(f"/today/{turn}", form)

    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert plain.status_code == 422
    assert said in plain.text
    assert await house.storage.read(state_of, turn=turn) is State.BOOKED


async def test_two_clerks_meet_the_second_is_told(house: House) -> None:
    one, two = await house.signed_in("clerk"), await house.signed_in("officer")
    turn = house.world.turns[0]

    await one.post(f"/today/{turn}", {"do": "served"})
    answer = await two.post(f"/today/{turn}", {"do": "absent"}, headers={"hx-request": "true"})

    assert "در این میان چیز دیگری ثبت شده است" in answer.text
    assert await house.storage.read(state_of, turn=turn) is State.SERVED


@pytest.mark.parametrize(("typed", "found"), [("فاطمه", 2), ("4835", 1), ("۴۸۳۵", 1), ("هیچ‌کس", 0)])
async def test_search_finds_by_part_of_the_name_or_the_last_four(house: House, typed: str, found: int) -> None:
    text = (await (await house.signed_in("clerk")).get(f"/today?q={typed}")).text

    assert text.count("data-row") == found
    assert ("کسی پیدا نشد" in text) == (not found)


async def test_search_finds_by_code_with_digits_of_any_script(house: House) -> None:
    browser = await house.signed_in("clerk")
    text = (await browser.get("/today")).text
    code = re.findall(r'<bdi class="code" dir="ltr">([۰-۹ ]{9,})</bdi>', text)[1]

    found = (await browser.get(f"/today?q={code}")).text

    assert found.count("data-row") == 1


@pytest.mark.parametrize("day", ["1405/09/02", "۱۴۰۵/۹/۲", "2026-11-23", "05/09/02"])
async def test_the_day_can_be_written_in_many_ways(house: House, day: str) -> None:
    text = (await (await house.signed_in("clerk")).get(f"/today?day={day}")).text

    assert "دوشنبه ۲ آذر ۱۴۰۵" in text
    assert "در این روز نوبتی نیست" in text


async def test_nothing_is_recorded_on_a_day_to_come(house: House) -> None:
    text = (await (await house.signed_in("clerk")).get("/today?day=2026-11-28")).text

    assert 'data-key="' not in text


async def test_the_directorate_looks_but_does_not_record(house: House) -> None:
    text = (await (await house.signed_in("province")).get("/today")).text

    assert "گل‌آقا رحیمی" in text
    assert 'data-key="' not in text


async def test_names_are_never_markup(house: House) -> None:
    def rename(session: WriteSession) -> None:
        session.execute(
            update(Appointment).where(Appointment.id == house.world.turns[0]).values(person_name="<b>علی</b> **زور**")
        )

    await house.storage.write(rename)
    text = (await (await house.signed_in("clerk")).get("/today")).text

    assert "&lt;b&gt;علی&lt;/b&gt; **زور**" in text


async def test_opening_the_list_is_logged_once_in_a_while(house: House) -> None:
    def readings(session: ReadSession) -> list[str]:
        return list(session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "day.read")))

    browser = await house.signed_in("clerk")
    for _ in range(3):
        await browser.get("/today")
    assert len(await house.storage.read(readings)) == 1
    house.clock.move(timedelta(minutes=11))
    await browser.get("/today")
    subjects = await house.storage.read(readings)
    assert len(subjects) == 2
    assert re.fullmatch(r"office:\d+:2026-11-21", subjects[0])
