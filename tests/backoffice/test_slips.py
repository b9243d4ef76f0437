"""Typing mistakes and old addresses: no page fails, nothing wrong is stored, and the field shows the reason."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select, update

from backoffice.forms.days import FIRST_DAY, LAST_DAY, read_any_date, read_date, shown_date
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.cases.models import Case
from desk.cases.rules import CaseState
from desk.language.format import say
from desk.language.language import Language
from desk.language.shown import FullDay
from desk.language.text import Locale
from desk.staff.models import RoleAssignment, StaffMember
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay, LocalMoment
from desk.visits.models import Visit
from tests.backoffice.conftest import Site
from tests.makers import NOW

pytestmark = pytest.mark.sqlite

PIECE = {"hx-request": "true"}
FAR = ("9999/12/31", "4105/09/10", "1500/01/01", "1299/12/29", "0405/09/10")


def state_of(session: ReadSession, *, appointment: int) -> AppointmentState:
    """Where an appointment stands."""
    return session.scalars(select(Appointment.state).where(Appointment.id == appointment)).one()


def state_of_case(session: ReadSession, *, case: int) -> CaseState:
    """Where a case stands."""
    return session.scalars(select(Case.state).where(Case.id == case)).one()


def password_of(session: ReadSession, *, member: int) -> str:
    """The hash of an account's password."""
    return session.scalars(select(StaffMember.password_hash).where(StaffMember.id == member)).one()


def roles_of(session: ReadSession, *, member: int) -> list[str]:
    """The roles of an account."""
    return list(session.scalars(select(RoleAssignment.role).where(RoleAssignment.staff_id == member)))


@pytest.mark.parametrize("typed", FAR)
def test_days_outside_the_two_centuries_are_not_understood(typed: str) -> None:
    assert read_any_date(typed) is None
    assert read_date(typed) is None


def test_the_first_and_the_last_day_are_understood() -> None:
    assert read_any_date("1300/01/01") == FIRST_DAY
    assert read_any_date("1499/12/29") is not None
    assert read_any_date(LAST_DAY.isoformat()) == LAST_DAY
    assert read_date("1405/09/10") == date(2026, 12, 1)


@pytest.mark.parametrize("day", [date.min, date.max], ids=str)
def test_every_day_can_be_shown(day: date) -> None:
    language = Language.load()

    assert shown_date(day) == day.isoformat()
    for value in (LocalDay(day), FullDay(LocalDay(day))):
        assert say(value, LocalDay.of(2026, 11, 21)) == say(value, None)
        assert day.isoformat() in language.plain(value, Locale.FA)


def test_a_moment_beyond_the_calendar_can_be_said() -> None:
    assert "8888-01-01" in Language.load().plain(LocalMoment(NOW.replace(year=8888, month=1, day=1)), Locale.FA)


@pytest.mark.parametrize("day", FAR)
async def test_an_address_with_a_far_day_says_so_and_shows_today(site: Site, day: str) -> None:
    answer = await (await site.signed_in("clerk")).get(f"/today?day={day}")

    assert answer.status_code == 422
    assert "شنبه ۳۰ آبان ۱۴۰۵" in answer.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "back_on", "come_back_on": "9999/12/31"}, "لطفاً روز را بنویسید، مانند"),
        ({"do": "back_on", "come_back_on": "4105/09/10"}, "لطفاً روز را بنویسید، مانند"),
        ({"do": "back_on", "come_back_on": "1407/09/10"}, 'aria-invalid="true"'),
    ],
)
async def test_a_far_day_to_come_back_is_refused_at_the_field(site: Site, form: dict[str, str], said: str) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]

    piece = await browser.post(f"/today/{appointment}", form, headers=PIECE)
    page = await browser.post(f"/today/{appointment}", form)

    assert [piece.status_code, page.status_code] == [200, 422]
    for answer in (piece, page):
        assert said in answer.text
        assert f'value="{form["come_back_on"]}"' in answer.text
    assert await site.storage.read(state_of, appointment=appointment) is AppointmentState.BOOKED


async def test_a_far_day_that_was_kept_before_does_not_close_the_list(site: Site) -> None:
    browser = await site.signed_in("clerk")
    appointment = site.world.appointments[0]
    [time, *_] = re.findall('value="(come_back:[0-9]+)"', (await browser.get(f"/today/{appointment}/back")).text)
    await browser.post(f"/today/{appointment}", {"do": time})

    def spoil(session: WriteSession) -> None:
        session.execute(
            update(Visit).where(Visit.appointment_id == appointment).values(come_back_on=date(9999, 12, 31))
        )

    await site.storage.write(spoil)
    answer = await browser.get("/today")

    assert answer.status_code == 200
    assert "9999-12-31" in answer.text


@pytest.mark.parametrize("number", [2**63, 10**20, 10**5000], ids=["just too large", "20 digits", "5000 digits"])
async def test_numbers_beyond_the_database_lead_nowhere(site: Site, number: int) -> None:
    browser = await site.signed_in("admin")
    digits = str(number) if number < 10**4000 else "1" + "0" * 5000

    for path in ("inbox/{}", "offices/{}", "staff/{}", "catalogue/{}", "undelivered/{}", "today/{}/back"):
        assert (await browser.get("/" + path.format(digits))).status_code == 404
    assert (await browser.post(f"/today/{digits}", {"do": "arrive"})).status_code == 404


async def test_htmx_keeps_the_row_when_the_session_is_over(site: Site) -> None:
    browser = site.browser()
    shown = {**PIECE, "hx-current-url": "http://desk.test/today?office=1"}

    answer = await browser.post(f"/today/{site.world.appointments[0]}", data={"do": "arrive"}, headers=shown)

    assert answer.status_code == 401
    assert answer.headers["hx-reswap"] == "none"
    assert "<html" not in answer.text
    assert 'href="/sign-in?next=/today%3Foffice%3D1"' in answer.text


async def test_a_strange_address_of_the_page_is_no_fault(site: Site) -> None:
    answer = await site.browser().get("/inbox", headers={**PIECE, "hx-current-url": "http://["})

    assert answer.status_code == 401
    assert 'href="/sign-in"' in answer.text


@pytest.mark.parametrize(
    ("username", "path", "token", "status", "said"),
    [
        ("clerk", "/today/{appointment}", "old", 403, "چیزی تغییر نکرد"),
        ("clerk", "/today/999999", None, 404, ""),
        ("province", "/today/{appointment}", None, 403, "نقش شما"),
        ("clerk", "/today/{appointment}/nothing", None, 404, ""),
    ],
)
async def test_htmx_gets_a_few_words_instead_of_a_page(
    site: Site, username: str, path: str, token: str | None, status: int, said: str
) -> None:
    browser = await site.signed_in(username)
    browser.token = token or browser.token

    answer = await browser.post(path.format(appointment=site.world.appointments[0]), {"do": "arrive"}, headers=PIECE)

    assert answer.status_code == status
    assert answer.headers["hx-reswap"] == "none"
    assert "<html" not in answer.text
    assert said in answer.text


async def test_the_figures_above_the_inbox_lead_to_as_many_cases(site: Site) -> None:
    browser = await site.signed_in("province")
    await browser.post(f"/inbox/{site.world.complaint}/state", {"to": "with_unit"})
    found = {}
    for state in ("received", "with_unit", "in_review", "answered"):
        address = f"/inbox?state={state}"
        box = (await browser.get(address)).text
        figure = box.partition(f'href="{address}"><b>')[2].partition("</b>")[0]
        found[state] = (figure, "۰۱۲۳۴۵۶۷۸۹"[box.count("data-row")])

    assert found["with_unit"] == ("۱", "۱")
    assert all(figure == rows for figure, rows in found.values()), found


async def test_the_state_is_chosen_by_hand_and_never_said_twice(site: Site) -> None:
    browser = await site.signed_in("province")
    address = f"/inbox/{site.world.complaint}"

    nothing = await browser.post(f"{address}/state", {"to": ""})
    changed = await browser.post(f"{address}/state", {"to": "in_review"})
    before = (await browser.get(address)).text
    again = await browser.post(f"{address}/state", {"to": "in_review"})
    after = (await browser.get(address)).text

    select_box = before.partition('id="state-to"')[2].partition("</select>")[0]
    assert select_box.index('value=""') < select_box.index('value="in_review"')
    assert "selected" not in select_box
    assert [nothing.status_code, changed.status_code, again.status_code] == [422, 303, 422]
    assert 'aria-invalid="true"' in again.text
    assert after.count("/delivery/") == before.count("/delivery/")


async def test_a_case_is_not_closed_as_answered_without_an_answer(site: Site) -> None:
    browser = await site.signed_in("province")
    case = site.world.complaint
    address = f"/inbox/{case}/close"

    bare = await browser.post(address, {"reason": "answered", "text": "  "})
    state = await site.storage.read(state_of_case, case=case)
    said = await browser.post(address, {"reason": "answered", "text": "پول را پس دادند."})

    assert [bare.status_code, said.status_code] == [422, 303]
    assert state is CaseState.RECEIVED
    assert 'id="close-text-reasons"' in bare.text
    assert await site.storage.read(state_of_case, case=case) is CaseState.CLOSED


async def test_a_case_with_a_reply_is_closed_as_answered(site: Site) -> None:
    browser = await site.signed_in("province")
    case = site.world.complaint
    await browser.post(f"/inbox/{case}/reply", {"text": "پول را پس می‌دهند.", "key": "k"})

    answer = await browser.post(f"/inbox/{case}/close", {"reason": "answered", "text": ""})

    assert answer.status_code == 303


async def test_ones_own_password_needs_the_old_one(site: Site) -> None:
    browser = await site.signed_in("manager")
    member = site.world.manager
    before = await site.storage.read(password_of, member=member)

    answer = await browser.post(f"/staff/{member}/password")
    other = await browser.post(f"/staff/{site.world.clerk}/password")

    assert answer.headers["location"] == "/account/password"
    assert await site.storage.read(password_of, member=member) == before
    assert other.status_code == 200


@pytest.mark.parametrize("whose", ["clerk", "manager"])
async def test_nobody_is_left_without_a_role(site: Site, whose: str) -> None:
    browser = await site.signed_in("manager")
    member = getattr(site.world, whose)
    before = await site.storage.read(roles_of, member=member)
    form = {"name": "نام", "r0-role": "", "r0-place": ""}

    answer = await browser.post(f"/staff/{member}", form)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert await site.storage.read(roles_of, member=member) == before


async def test_nobody_takes_a_role_from_themselves(site: Site) -> None:
    browser = await site.signed_in("manager")
    member = site.world.manager
    place = f"office:{site.world.office}"

    answer = await browser.post(f"/staff/{member}", {"name": "زهرا", "r0-role": "clerk", "r0-place": place})
    renamed = await browser.post(f"/staff/{member}", {"name": "زهرا", "r0-role": "office_manager", "r0-place": place})

    assert [answer.status_code, renamed.status_code] == [422, 422], "the own account is changed from above"
    assert await site.storage.read(roles_of, member=member) == ["office_manager"]
