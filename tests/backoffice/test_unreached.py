"""The list of an office of those who were drawn and whom no message reached."""

from __future__ import annotations

import pytest

from desk.reading.folding import ascii_digits, strip_bidi
from desk.storage.base import WriteSession
from tests.backoffice.conftest import Browser, Site
from tests.domain.draw_scene import Asker, Lottery


@pytest.fixture
async def held(site: Site) -> Lottery:
    """A draw of two places; the message to one of the winners can never arrive."""

    def make(session: WriteSession) -> Lottery:
        lottery = Lottery(session, places=(1, 1))
        lottery.begin()
        for _ in range(2):
            lottery.ask()
        lottery.held()
        lottery.block(lottery.askers[0])
        lottery.deliver()
        return lottery

    found: Lottery = await site.storage.write(make)
    return found


async def listed(browser: Browser, held: Lottery) -> list[Asker]:
    page = await browser.get(f"/draws/unreached?office={held.office.id}")
    text = ascii_digits(strip_bidi(page.text)).replace(" ", "").replace("\u00a0", "")
    return [each for each in held.askers if each.public_id in text]


async def test_who_was_drawn_and_not_reached_stands_there_by_number(site: Site, held: Lottery) -> None:
    admin = await site.signed_in("admin")
    assert await listed(admin, held) == [held.askers[0]]


async def test_who_confirms_in_the_chat_stands_there_no_more(site: Site, held: Lottery) -> None:
    """What the list tells people to do works: the offer stands in the chat, also where its message did not arrive."""

    def confirm(session: WriteSession) -> None:
        held.session = session
        held.accept(held.askers[0])

    await site.storage.write(confirm)
    assert await listed(await site.signed_in("admin"), held) == []


async def test_another_office_does_not_see_it(site: Site, held: Lottery) -> None:
    assert await listed(await site.signed_in("clerk"), held) == []
