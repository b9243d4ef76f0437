"""The day's list: one tap to record, one to undo, and every reason told at the row."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from desk.acting import SYSTEM
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.appointments.stored import stored_name
from desk.capacity.actions import set_exception
from desk.capacity.days_off import save_holiday
from desk.capacity.models import ExceptionKind, Queue, Slot
from desk.events.models import Event
from desk.language.text import Localised
from desk.storage.base import ReadSession, WriteSession
from desk.verify import verify
from tests.backoffice.conftest import Site
from tests.backoffice.served import serve
from tests.backoffice.test_come_back import offered
from tests.makers import NOW, TODAY

pytestmark = pytest.mark.sqlite  # the stories run on both databases


def state_of(session: ReadSession, *, appointment: int) -> AppointmentState:
    """Where an appointment stands."""
    return session.scalars(select(Appointment.state).where(Appointment.id == appointment)).one()


async def test_the_list_shows_who_when_and_what(site: Site) -> None:
    text = (await (await site.signed_in("clerk")).get("/today")).text

    assert "شنبه ۳۰ آبان ۱۴۰۵" in text
    assert text.index("گل‌آقا رحیمی") < text.index("فاطمه محمدی")
    for each in ("۴:۰۵", "کارت آمایش", "۴۸۲۸", "احراز هویت"):
        assert each in text


async def test_a_plain_form_records_and_leads_back_to_the_row(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    answer = await browser.post(f"/today/{appointment}", {"do": "arrive"})
    page = await browser.get(answer.headers["location"])

    assert answer.headers["location"].endswith(f"#appointment-{appointment}")
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.ARRIVED
    assert "ثبت شد." in page.text
    assert "ثبت شد." not in (await browser.get("/today")).text


async def test_htmx_gets_the_row_and_the_figures_only(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    answer = await browser.post(f"/today/{appointment}", {"do": "arrive"}, headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="appointment-{appointment}"' in answer.text
    assert answer.text.count("data-row") == 1
    assert re.search('id="counts"[^>]* hx-swap-oob="true"', answer.text)


@pytest.mark.parametrize(
    ("pressed", "state"),
    [
        ("served", AppointmentState.SERVED),
        ("absent", AppointmentState.ABSENT),
        ("come back", AppointmentState.COME_BACK),
    ],
)
async def test_every_outcome_can_be_recorded_and_undone(site: Site, pressed: str, state: AppointmentState) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    if pressed == "served":
        await serve(browser, appointment)
    else:
        do = (await offered(browser, appointment))[0] if pressed == "come back" else pressed
        await browser.post(f"/today/{appointment}", {"do": do})
    recorded = await site.storage.read(state_of, appointment=appointment)
    await browser.post(f"/today/{appointment}", {"do": "undo_outcome"})
    undone = await site.storage.read(state_of, appointment=appointment)

    assert [recorded, undone] == [state, AppointmentState.BOOKED]
    assert await site.storage.read(verify) == []


async def test_absent_before_the_hour_is_asked_back_with_and_without_htmx(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]
    await site.storage.write(
        lambda session: session.execute(
            update(Appointment).where(Appointment.id == appointment).values(starts_at=NOW + timedelta(hours=1))
        )
    )

    asked = await browser.post(f"/today/{appointment}", {"do": "absent"}, headers={"hx-request": "true"})
    plain = await browser.post(f"/today/{appointment}", {"do": "absent"})

    for page in (asked, plain):
        assert "مطمئنید که نمی‌آید" in page.text
        assert 'value="absent:sure"' in page.text
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.BOOKED
    await browser.post(f"/today/{appointment}", {"do": "absent:sure"})
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.ABSENT


async def test_a_row_can_be_fetched_by_itself(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    piece = await browser.get(f"/today/{appointment}", headers={"hx-request": "true"})
    whole = await browser.get(f"/today/{appointment}")

    assert piece.text.count("data-row") == 1
    assert "<html" not in piece.text
    assert whole.headers["location"].endswith(f"#appointment-{appointment}")
    assert (await browser.get(f"/today/{site.world.other_appointment}")).status_code == 404


async def test_an_unknown_button_is_asked_again(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    answer = await browser.post(f"/today/{appointment}", {"do": "gone"}, headers={"hx-request": "true"})
    plain = await browser.post(f"/today/{appointment}", {"do": "gone"})

    for page in (answer, plain):
        assert "لطفاً نتیجهٔ مراجعه را انتخاب کنید" in page.text
        assert 'role="alert"' in page.text
    assert plain.status_code == 422


async def test_two_clerks_meet_the_second_is_told(site: Site) -> None:
    one, two = await site.signed_in("clerk"), await site.signed_in("officer")
    appointment = site.world.appointments[0]

    await serve(one, appointment)
    answer = await two.post(f"/today/{appointment}", {"do": "absent"}, headers={"hx-request": "true"})

    assert "در این فاصله چیز دیگری ثبت شده است" in answer.text
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.SERVED


@pytest.mark.parametrize(("typed", "found"), [("فاطمه", 2), ("4835", 1), ("۴۸۳۵", 1), ("هیچ‌کس", 0)])
async def test_search_finds_by_part_of_the_name_or_the_last_four(site: Site, typed: str, found: int) -> None:
    text = (await (await site.signed_in("clerk")).get(f"/today?q={typed}")).text

    assert text.count("data-row") == found
    assert ("کسی پیدا نشد" in text) == (not found)


async def test_a_search_leads_back_to_the_whole_list_and_the_keys_go_on_in_what_was_found(site: Site) -> None:
    browser = await site.signed_in("clerk")
    none, one = [(await browser.get(f"/today?day={TODAY}&q={typed}")).text for typed in ("هیچ‌کس", "فاطمه")]
    whole = f'href="/today?office={site.world.office}&amp;day={TODAY}"'

    assert [whole in page.split('id="appointments"')[1] for page in (none, one)] == [True, False]
    field, found = (
        re.compile(r'<input [^>]*id="q"[^>]* autofocus'),
        re.compile(r'<section id="appointments"[^>]* autofocus'),
    )
    assert [bool(each.search(none)) for each in (field, found)] == [True, False]
    assert [bool(each.search(one)) for each in (field, found)] == [False, True]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY + timedelta(days=6), "دفتر در این روز نوبت نمی‌دهد."),  # a Friday
        (TODAY + timedelta(days=9), "دفتر در این روز نوبت نمی‌دهد: تعطیل آزمون."),
        (TODAY + timedelta(days=16), "دفتر در این روز نوبت نمی‌دهد: تعمیر باجه."),
        (TODAY + timedelta(days=11), "خودشان این‌جا می‌آیند"),
    ],
)
async def test_a_closed_day_names_the_closure_and_promises_no_appointments(site: Site, day: date, said: str) -> None:
    def close(session: WriteSession) -> None:
        name = Localised({"fa": "تعطیل آزمون"})
        save_holiday(session, day=TODAY + timedelta(days=9), name=name, is_confirmed=True, actor=SYSTEM, now=NOW)
        for queue in session.scalars(select(Queue.id).where(Queue.office_id == site.world.office)):
            set_exception(
                session,
                queue_id=queue,
                day=TODAY + timedelta(days=16),
                kind=ExceptionKind.CLOSED,
                reason="تعمیر باجه",
                actor=SYSTEM,
                now=NOW,
            )

    await site.storage.write(close)
    text = (await (await site.signed_in("clerk")).get(f"/today?day={day}")).text

    assert said in text
    assert ("خودشان این‌جا می‌آیند" in text) == ("خودشان" in said)


async def test_search_finds_by_code_with_digits_of_any_script(site: Site) -> None:
    browser = await site.signed_in("clerk")
    text = (await browser.get("/today")).text
    code = re.findall(r'<bdi class="code" dir="ltr">([۰-۹ ]{9,})</bdi>', text)[1]

    found = (await browser.get(f"/today?q={code}")).text

    assert found.count("data-row") == 1


@pytest.mark.parametrize("day", ["1405/09/02", "۱۴۰۵/۹/۲", "2026-11-23", "05/09/02"])
async def test_the_day_can_be_written_in_many_ways(site: Site, day: str) -> None:
    text = (await (await site.signed_in("clerk")).get(f"/today?day={day}")).text

    assert "دوشنبه ۲ آذر ۱۴۰۵" in text
    assert "در این روز نوبتی نیست" in text


async def test_nothing_is_recorded_on_a_day_to_come(site: Site) -> None:
    text = (await (await site.signed_in("clerk")).get("/today?day=2026-11-28")).text

    assert 'data-key="' not in text


async def test_what_is_said_of_an_appointment_is_true_on_its_day_before_and_after(site: Site) -> None:
    """Nobody is on the way a week before; of a day gone by it is said that nobody recorded it."""
    day = TODAY.isoformat()
    site.clock.move(timedelta(days=-3))
    ahead = await site.signed_in("clerk")
    before = (await ahead.get(f"/today?day={day}")).text
    site.clock.move(timedelta(days=6))
    after = await site.signed_in("clerk")
    asked = {"office": str(site.world.office), "day": day, "reason": "بازبینی فهرست این روز"}
    await after.post("/today/open", asked)
    gone = (await after.get(f"/today?day={day}")).text

    assert ["نوبت دارد" in page for page in (before, gone)] == [True, False]
    assert ["ثبت نشده" in page for page in (before, gone)] == [False, True]
    empty = (await after.get(f"/today?day={(TODAY - timedelta(days=40)).isoformat()}")).text
    assert "این روز گذشته است" in empty
    assert "خودشان این‌جا می‌آیند" not in empty


async def test_the_directorate_sees_how_many_and_not_who(site: Site) -> None:
    """It handles the complaints about the office, and saw its named lists."""
    text = (await (await site.signed_in("province")).get("/today")).text

    assert "گل‌آقا رحیمی" not in text
    assert 'class="count"' in text
    assert 'action="/today/open"' not in text
    assert 'data-key="' not in text


async def test_names_are_never_markup(site: Site) -> None:
    def rename(session: WriteSession) -> None:
        code = session.get_one(Appointment, site.world.appointments[0]).code
        session.execute(
            update(Appointment)
            .where(Appointment.id == site.world.appointments[0])
            .values(name_sealed=stored_name(session.keys, "<b>علی</b> **زور**", digits=code))
        )

    await site.storage.write(rename)
    text = (await (await site.signed_in("clerk")).get("/today")).text

    assert "&lt;b&gt;علی&lt;/b&gt; **زور**" in text


async def test_opening_the_list_is_logged_once_in_a_while(site: Site) -> None:
    def readings(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Event.subject).where(Event.kind == "day.read")))

    browser = await site.signed_in("clerk")
    for _ in range(3):
        await browser.get("/today")
    await site.written_down()
    assert len(await site.storage.read(readings)) == 1
    site.clock.move(timedelta(minutes=11))
    await browser.get("/today")
    await site.written_down()
    subjects = await site.storage.read(readings)
    assert len(subjects) == 2
    assert subjects[0] == f"office:{site.world.office}"


async def test_a_code_of_another_day_says_which_and_leads_there(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]
    other_day = TODAY - timedelta(days=3)

    def move(session: WriteSession) -> str:
        session.execute(update(Appointment).where(Appointment.id == appointment).values(day=other_day))
        return session.scalars(select(Appointment.code).where(Appointment.id == appointment)).one()

    code = await site.storage.write(move)
    page = await browser.get(f"/today?q={code[:3]}+{code[3:6]}+{code[6:]}")
    foreign = await site.signed_in("otherclerk")
    hidden = await foreign.get(f"/today?q={code}")

    def readings(session: ReadSession) -> list[str]:
        return list(session.scalars(select(Event.subject).where(Event.kind == "appointment.found")))

    assert f"/today?office={site.world.office}&amp;day={other_day}#appointment-{appointment}" in page.text
    assert "گل‌آقا رحیمی" not in page.text, "the name stays inside the own days"
    # Nobody said what came of it: as its own list has it, and not as if it were still ahead.
    assert ["ثبت نشده" in page.text, "نوبت دارد" in page.text] == [True, False]
    assert "کسی پیدا نشد" in hidden.text
    assert "گل‌آقا رحیمی" not in hidden.text
    assert await site.storage.read(readings) == [f"appointment:{appointment}"]


async def test_two_windows_keep_their_own_office(site: Site) -> None:
    browser = await site.signed_in("admin")
    one, other = site.world.office, site.world.other_office

    for office in (one, other):
        await browser.get(f"/today?office={office}")
    first = await browser.get(f"/today?office={one}")
    led = await browser.get("/today?q=4821")

    assert f'href="/today?office={one}"' in first.text
    assert f'href="/capacity?office={one}"' in first.text
    assert led.status_code == 303
    assert led.headers["location"] == f"/today?office={one}&q=4821"


@pytest.mark.parametrize(
    ("username", "path"), [("clerk", "/today"), ("officer", "/inbox"), ("manager", "/today"), ("admin", "/overview")]
)
async def test_everybody_lands_at_their_own_work(site: Site, username: str, path: str) -> None:
    browser = await site.signed_in(username)

    assert (await browser.get("/start")).headers["location"] == path


async def test_the_overview_counts_what_waits(site: Site) -> None:
    await site.storage.write(
        lambda session: session.execute(
            update(Slot).where(Slot.queue_id == site.world.other_queue).values(is_open=False, status="closed")
        )
    )
    admin = await site.signed_in("admin")
    page = await admin.get("/overview")

    assert page.status_code == 200
    for each in ("پیام‌های نرسیده", "پرونده‌های خارج از مهلت", "دفتر کفالت طرق"):
        assert each in page.text
    assert f"/capacity/queues?office={site.world.other_office}" in page.text
    assert "دفتر پیشخوان گلشهر" not in page.text
    assert (await (await site.signed_in("manager")).get("/overview")).status_code == 403


async def test_a_day_that_cannot_be_read_is_not_passed_off_as_today(site: Site) -> None:
    """The list of today came without a word, and what was written was gone."""
    browser = await site.signed_in("clerk")
    answer = await browser.get(f"/today?office={site.world.office}&day=سبز")
    assert answer.status_code == 422
    [field] = re.findall(r'<input[^>]* id="day"[^>]*>', answer.text)
    assert 'value="سبز"' in field
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="day-reason"' in field
    assert "فهرست امروز را می‌بینید." in answer.text
    for day in ("", "فردا", "1405/09/07"):
        read = await browser.get(f"/today?office={site.world.office}&day={day}")
        assert read.status_code == 200
        assert "day-reason" not in read.text
