"""At the counter: who typed the number of the original paper gets a code for the new chat, once."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.conversations.models import Conversation
from desk.events.models import Event
from desk.people.rules import DocumentKind
from desk.reading.folding import ascii_digits
from desk.storage.base import ReadSession, WriteSession
from desk.transfers import counter
from desk.transfers.models import CounterCode
from tests import makers
from tests.backoffice.conftest import IDENTITY_KEY, Site
from tests.backoffice.forms import form_at
from tests.backoffice.test_by_number import NUMBER, book, furnish
from tests.weak_hashes import digest

pytestmark = pytest.mark.sqlite  # the actions run on both databases


async def turn_of(site: Site, *, days: int = 1) -> int:
    """An appointment in nine days of somebody with a chat and the paper of NUMBER."""
    return int((await site.storage.write(lambda session: furnish(session, world=site.world)))[days])


def codes(session: ReadSession | WriteSession) -> int:
    return session.scalar(select(func.count()).select_from(CounterCode)) or 0


async def test_a_clerk_gives_a_code_for_a_turn_that_was_found_by_its_number(site: Site) -> None:
    browser, turn = await site.signed_in("clerk"), await turn_of(site)
    found = await browser.post("/today/search", {"q": NUMBER, "office": str(site.world.office), "sent": "1"})
    assert f"/today/{turn}/phone" in found.text
    # The one of twelve days ago is on its list too; the cancelled one of three days from now has nothing to bring over.
    assert found.text.count('/phone"') == 2

    page = await browser.get(f"/today/{turn}/phone")
    sent = {**form_at(page.text, f"/today/{turn}/phone").values, "number": "p 0123-4567"}
    given = await browser.post(f"/today/{turn}/phone", sent)

    digits = re.search(r"secret[^>]*>([^<]+)<", given.text)
    assert digits is not None
    code = ascii_digits(digits[1]).replace(" ", "")

    def open_codes(session: ReadSession) -> list[int]:
        marks = session.keys.named_marks(counter.MARK, code)
        return list(session.scalars(select(CounterCode.appointment_id).where(CounterCode.mark.in_(marks))))

    assert await site.storage.read(open_codes) == [turn]
    assert NUMBER not in given.text
    assert "گل‌نسا" not in given.text, "whoever holds the paper needs no name on the page"
    again = await browser.post(f"/today/{turn}/phone", sent)
    assert again.status_code == 303, "a second press of the form shows no second code"
    assert code not in again.text


async def test_the_way_to_a_code_stands_too_where_the_list_of_the_day_shows_the_turn_itself(site: Site) -> None:
    def today(session: WriteSession) -> tuple[int, str]:
        mark = digest(NUMBER, kind=DocumentKind.PASSPORT, key=IDENTITY_KEY)
        person = makers.make_person(session, identity_hash=mark.hash, last4=mark.last4)
        turn = book(
            session,
            queue=site.world.queue,
            service=site.world.service,
            days=0,
            person=person,
            state=AppointmentState.BOOKED,
        )
        return turn, session.get_one(Appointment, turn).code

    turn, code = await site.storage.write(today)
    for who, is_shown in (("clerk", True), ("province", False)):
        browser = await site.signed_in(who)
        found = await browser.post("/today/search", {"q": code, "office": str(site.world.office), "sent": "1"})
        assert (f'"/today/{turn}/phone"' in found.text) is is_shown, who
        assert (await browser.get(f"/today/{turn}/phone")).status_code == (200 if is_shown else 403)
    listed = await (await site.signed_in("clerk")).get(f"/today?office={site.world.office}")
    assert f'"/today/{turn}/phone"' not in listed.text, "only for whom was looked for"


async def test_another_number_gives_none_and_counts_as_looked_for_in_vain(site: Site) -> None:
    browser, turn = await site.signed_in("clerk"), await turn_of(site)
    for number, said in (("P76543210", "شمارهٔ دیگری"), ("نه", "همان‌طور که روی مدرک است"), ("", "پر کنید")):
        refused = await browser.post(f"/today/{turn}/phone", {"number": number})
        assert refused.status_code == 422
        assert said in refused.text
        assert not number or f'value="{number}"' not in refused.text
    assert await site.storage.read(codes) == 0

    def kinds(session: ReadSession) -> set[str]:
        return set(session.scalars(select(Event.kind)))

    assert "appointment.not_found" in await site.storage.read(kinds)


async def test_a_turn_without_a_chat_has_nothing_to_bring_over(site: Site) -> None:
    browser, turn = await site.signed_in("clerk"), await turn_of(site)

    def orphan(session: WriteSession) -> None:
        session.get_one(Appointment, turn).conversation_id = None

    await site.storage.write(orphan)
    refused = await browser.post(f"/today/{turn}/phone", {"number": NUMBER})
    assert refused.status_code == 422
    assert "در هیچ گفتگویی نیست" in refused.text
    assert await site.storage.read(lambda session: session.scalar(select(func.count()).select_from(Conversation)))


async def test_a_turn_of_another_office_is_out_of_reach(site: Site) -> None:
    browser, turn = await site.signed_in("clerk"), await turn_of(site, days=3)
    assert (await browser.get(f"/today/{turn}/phone")).status_code == 404
    assert (await browser.post(f"/today/{turn}/phone", {"number": NUMBER})).status_code == 404
    assert await site.storage.read(codes) == 0
