"""The day's list says who comes together, in its rows, in one that is drawn anew, and in what a search finds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import update

from desk.appointments.models import Appointment, Household
from desk.storage.base import WriteSession
from tests.backoffice.conftest import Site
from tests.makers import NOW, make_conversation

pytestmark = pytest.mark.sqlite  # the stories run on both databases


def _come_together(session: WriteSession, *, appointments: Sequence[int]) -> None:
    """These were booked by one request of one chat."""
    household = Household(people=len(appointments), made_at=NOW)
    chat = make_conversation(session)
    session.add(household)
    session.flush()
    session.execute(
        update(Appointment)
        .where(Appointment.id.in_(appointments))
        .values(household_id=household.id, conversation_id=chat.id)
    )


def _row_of(text: str, appointment: int) -> str:
    """What one row of the list says."""
    return text.partition(f'id="appointment-{appointment}"')[2].partition("</li>")[0]


async def test_the_list_and_its_row_say_who_comes_together(site: Site) -> None:
    first, second, third, *_more = site.world.appointments
    await site.storage.write(_come_together, appointments=(first, second))
    browser = await site.signed_in("clerk")
    text = (await browser.get("/today")).text

    assert "همراه فاطمه محمدی" in _row_of(text, first)
    assert "همراه گل‌آقا رحیمی" in _row_of(text, second)
    assert "appointment-together" not in _row_of(text, third)
    answer = await browser.post(f"/today/{first}", {"do": "arrive"}, headers={"hx-request": "true"})
    assert "همراه فاطمه محمدی" in answer.text
    found = (await browser.get("/today?q=رحیمی")).text
    assert "همراه فاطمه محمدی" in _row_of(found, first)


async def test_the_same_request_in_another_chat_is_not_together(site: Site) -> None:
    first, second, *_more = site.world.appointments
    await site.storage.write(_come_together, appointments=(first, second))
    await site.storage.write(_goes_to_another_chat, appointment=second)
    text = (await (await site.signed_in("clerk")).get("/today")).text

    assert "appointment-together" not in text


def _goes_to_another_chat(session: WriteSession, *, appointment: int) -> None:
    session.get_one(Appointment, appointment).conversation_id = make_conversation(session).id
