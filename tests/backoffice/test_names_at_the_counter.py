"""The page on which a clerk corrects a name: what it asks for, what it says, and what stands on the list afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from desk.appointments.models import Appointment
from desk.events.models import Event
from desk.people.rules import DocumentKind
from desk.storage.base import ReadSession, WriteSession
from tests.backoffice.conftest import Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_original_paper import NUMBER, WRONG, two_turns

pytestmark = pytest.mark.sqlite  # tests/domain/test_names_at_the_counter.py runs on both databases

OTHER = "احمد ظاهر"


async def test_the_clerk_types_number_and_name_and_the_list_has_it(site: Site) -> None:
    first, _second = await two_turns(site)
    browser = await site.signed_in("clerk")
    assert f"/today/{first}/name" in (await browser.get(f"/today/{first}/paper")).text
    sent = form_at((await browser.get(f"/today/{first}/name")).text, f"/today/{first}/name")
    assert sent.values["name"]

    done = await browser.post(f"/today/{first}/name", {**sent.values, "number": NUMBER, "name": OTHER})

    assert done.status_code == 303
    assert OTHER in (await browser.get("/today")).text
    assert await site.storage.read(corrected) == [(f"appointment:{first}", site.world.clerk)]


def corrected(session: ReadSession) -> list[tuple[str, int | None]]:
    asked = select(Event.subject, Event.actor_id).where(Event.kind == "appointment.name_corrected")
    return [(row[0], row[1]) for row in session.execute(asked)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"number": WRONG, "name": OTHER}, "این شمارهٔ این نوبت نیست"),
        ({"number": "", "name": OTHER}, "لطفاً این‌جا را پر کنید"),
        ({"number": NUMBER, "name": "۱۲۳"}, "لطفاً فقط نام را بنویسید"),
    ],
)
async def test_what_does_not_fit_is_said_at_its_field(site: Site, typed: dict[str, str], said: str) -> None:
    first, _second = await two_turns(site)
    browser = await site.signed_in("clerk")

    answer = await browser.post(f"/today/{first}/name", typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert WRONG not in answer.text
    assert NUMBER not in answer.text
    assert await site.storage.read(corrected) == []


async def test_without_a_paper_no_number_is_asked_and_only_a_slip_is_mended(site: Site) -> None:
    first, _second = await two_turns(site)

    def loses_the_paper(session: WriteSession) -> None:
        session.execute(update(Appointment).where(Appointment.id == first).values(document_kind=DocumentKind.NONE))

    await site.storage.write(loses_the_paper)
    browser = await site.signed_in("clerk")
    assert f"/today/{first}/name" in (await browser.get("/today")).text
    page = (await browser.get(f"/today/{first}/name")).text
    assert 'name="number"' not in page
    name = form_at(page, f"/today/{first}/name").values["name"]

    refused = await browser.post(f"/today/{first}/name", {"name": OTHER})
    assert refused.status_code == 422
    assert "فقط یک یا دو حرف" in refused.text
    assert (await browser.post(f"/today/{first}/name", {"name": f"{name}ی"})).status_code == 303
    assert f"{name}ی" in (await browser.get("/today")).text
