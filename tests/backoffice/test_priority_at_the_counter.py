"""Staff find the request of the person at the counter and give it a class; the directorate defines the classes."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete, select

from desk.codes import PublicId
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.people.models import Person
from desk.people.rules import DocumentKind
from desk.reading.folding import ascii_digits, persian_digits, strip_bidi
from desk.storage.base import ReadSession, WriteSession
from desk.waiting.models import PriorityClass, StandingRequest, StandingRequestPerson
from desk.waiting.place_in_line import days_more
from desk.waiting.rules import ClassReason, RequestState
from tests.backoffice.conftest import IDENTITY_KEY, Browser, Site
from tests.backoffice.forms import form_at
from tests.weak_hashes import digest

pytestmark = pytest.mark.sqlite
COUNTER = "/waiting/counter"


async def number_of(site: Site) -> PublicId:
    def read(session: ReadSession) -> PublicId:
        return PublicId(session.get_one(StandingRequest, site.world.waiting).public_id)

    return await site.storage.read(read)


async def found(browser: Browser, typed: str) -> list[str]:
    """The requests that the number leads to."""
    answer = await browser.post(COUNTER, {"number": typed})
    assert typed not in answer.text, "what was typed comes back"
    return re.findall(r'href="(/waiting/requests/[0-9]+)"', answer.text)


async def given(site: Site, browser: Browser, priority: str, *, reason: str = "paper") -> int:
    address = f"/waiting/requests/{site.world.waiting}"
    form = form_at((await browser.get(address)).text, address)
    answer = await browser.post(address, {**form.values, "priority": priority, "reason": reason})
    return answer.status_code


async def test_the_request_is_found_by_its_number_as_it_is_read_out_and_nowhere_else(site: Site) -> None:
    number, clerk = await number_of(site), await site.signed_in("clerk")
    here = f"/waiting/requests/{site.world.waiting}"
    assert await found(clerk, persian_digits(number.grouped)) == [here]
    assert await found(await site.signed_in("otherclerk"), number.signs) == []
    slip = number.signs[:-1] + str((int(number.signs[-1]) + 1) % 10)
    answer = await clerk.post(COUNTER, {"number": slip})
    assert (answer.status_code, "یک رقم آن با شماره‌های ما جور نیست" in answer.text) == (422, True)


async def test_the_request_is_found_by_the_paper_which_is_kept_nowhere(site: Site) -> None:
    def name(session: WriteSession) -> None:
        person = session.scalars(
            select(StandingRequestPerson.person_id).where(StandingRequestPerson.request_id == site.world.waiting)
        ).one()
        session.get_one(Person, person).identity_hash = digest(
            "P01234567", kind=DocumentKind.PASSPORT, key=IDENTITY_KEY
        ).hash

    await site.storage.write(name)
    assert await found(await site.signed_in("clerk"), "P01234567") == [f"/waiting/requests/{site.world.waiting}"]
    assert await found(await site.signed_in("otherclerk"), "P01234567") == []
    events = await site.storage.read(lambda session: [str(each.data) for each in session.scalars(select(Event))])
    assert not [each for each in events if "01234567" in each]


async def test_a_class_is_given_with_a_reason_and_taken_again(site: Site) -> None:
    clerk = await site.signed_in("clerk")
    assert await given(site, clerk, str(site.world.priority), reason="") == 422
    assert await given(site, clerk, str(site.world.priority)) == 303

    def read(session: ReadSession) -> tuple[int | None, ClassReason | None, list[str]]:
        row = session.get_one(StandingRequest, site.world.waiting)
        told = select(OutboxMessage.notice).where(OutboxMessage.about == f"standing_request:{row.id}")
        return row.class_id, row.class_reason, list(session.scalars(told))

    assert await site.storage.read(read) == (site.world.priority, ClassReason.PAPER, ["request_place_changed"])
    page = (await clerk.get(f"/waiting/requests/{site.world.waiting}")).text
    assert "سالمند" in page
    assert "مدرک" in page
    assert await given(site, clerk, "") == 303
    assert (await site.storage.read(read))[:2] == (None, None)


async def test_the_directorate_defines_the_classes_and_sees_how_often_each_was_given(site: Site) -> None:
    assert await given(site, await site.signed_in("clerk"), str(site.world.priority)) == 303
    admin = await site.signed_in("admin")
    form = form_at((await admin.get("/waiting/classes/new")).text, "/waiting/classes/new")
    too_much = {**form.values, "name_fa": "باردار", "days": "61"}
    assert (await admin.post("/waiting/classes/new", too_much)).status_code == 422
    assert (await admin.post("/waiting/classes/new", {**too_much, "days": "۱۰"})).status_code == 303
    page = ascii_digits(strip_bidi((await admin.get("/waiting/classes")).text))
    assert "10 روز انتظار حساب می‌شود" in page
    assert "در 90 روز 1 بار داده شد؛ اکنون 1 درخواست با آن منتظر است" in page
    address = f"/waiting/classes/{site.world.priority}"
    form = form_at((await admin.get(address)).text, address)
    assert (await admin.post(address, {**form.values, "days": "3"})).status_code == 303

    def read(session: ReadSession) -> tuple[int, bool]:
        row = session.get_one(StandingRequest, site.world.waiting)
        return days_more(since=row.since, rank_at=row.rank_at), session.get_one(
            PriorityClass, site.world.priority
        ).is_active

    assert await site.storage.read(read) == (3, True)
    history = strip_bidi((await admin.get(address)).text)
    assert "مریم کاظمی گروه دارای اولویتِ «سالمند» را به یک منتظر داد." in history


async def test_a_request_that_is_over_says_so_and_takes_no_class(site: Site) -> None:
    address, clerk = f"/waiting/requests/{site.world.waiting}", await site.signed_in("clerk")
    form = form_at((await clerk.get(address)).text, address).values

    def fulfil(session: WriteSession) -> None:
        session.execute(delete(StandingRequestPerson).where(StandingRequestPerson.request_id == site.world.waiting))
        row = session.get_one(StandingRequest, site.world.waiting)
        row.state, row.is_waiting = RequestState.FULFILLED, False

    await site.storage.write(fulfil)
    priority = await site.storage.read(lambda session: session.scalars(select(PriorityClass.id)).first())

    page = await clerk.get(address)
    late = await clerk.post(address, form | {"priority": str(priority), "reason": "seen"})

    for answer, status in ((page, 200), (late, 422)):
        assert answer.status_code == status
        assert "این درخواست دیگر منتظر نیست" in strip_bidi(answer.text)
        assert 'href="/waiting/counter"' in answer.text
        assert f'action="{address}"' not in answer.text
    row = await site.storage.read(lambda session: session.get_one(StandingRequest, site.world.waiting).class_id)
    assert row is None
    assert (await (await site.signed_in("otherclerk")).get(address)).status_code == 404
