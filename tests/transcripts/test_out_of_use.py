"""A service or office that goes out of use while somebody answers is not offered or held, and the chat says what to
do next."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from desk.appointments.models import Appointment
from desk.places.models import Claim
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.transcripts import case_world, change_world, use_world
from tests.transcripts.bare import BareStage
from tests.transcripts.script import Seen
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

LINES = (case_world, change_world, use_world)
"""Imported for the lines that they register."""

GOES = {
    "office": "the office 72-1102 goes out of use",
    "queue": "the queue of 72-1102 goes out of use",
    "link": "the queue of 72-1102 no longer serves «identity»",
    "service": "«identity» takes no turns any more",
    "catalogue": "«identity» is taken out of the catalogue",
}
OF_SERVICES = ("service", "catalogue")

NOT_HERE = "This office no longer does this service. Please choose another office:"
NOT_AT_ALL = "No turns are taken for this service here."
NO_APPOINTMENTS = "This service takes no turns now. These do:"
NOT_HERE_BUT_STAYS = "This office has no other time for you. Your turn stays as it is. You can choose another office:"
STAYS = "No other time can be chosen for this service now. Your turn stays as it is."
LEADS_NOWHERE = {"Back", "🏠 Main page"}

everything = pytest.mark.parametrize("what", GOES)


@dataclass
class Chat:
    """One person's chat, on either database."""

    world: World

    async def press(self, *labels: str) -> list[Seen]:
        """What comes after the last of these buttons."""
        seen: list[Seen] = []
        for label in labels:
            seen = [*await self.world.stage.press(label), *await self.world.stage.post()]
        return seen

    async def goes(self, what: str, *, keeps: bool = False) -> None:
        await self.world.does(GOES[what] + (", and keeps its turns because «works»" if keeps else ""))

    async def holds(self) -> int:
        return int(await self.world.write(lambda session: session.scalar(select(func.count()).select_from(Claim))))

    async def appointments(self) -> list[tuple[int, bool]]:
        def look(session: WriteSession) -> list[tuple[int, bool]]:
            return [(row[0], row[1]) for row in session.execute(select(Appointment.slot_id, Appointment.is_live))]

        return list(await self.world.write(look))


@pytest.fixture
async def chat(storage: Storage) -> Chat:
    """Laila, known here and served at the office in Karaj last month."""
    bot = Bot(storage, language_of("en"), Clock())
    chat = Chat(World(bot, BareStage(bot), "en"))
    for line in (
        "the usual desk",
        "a person who has been here before",
        "Laila is known to this chat by the number 12345678",
    ):
        await chat.world.does(line)
    await chat.world.stage.say("/start")
    return chat


@pytest.fixture
async def served(chat: Chat) -> Chat:
    await chat.world.does("Laila was served for «identity» at 72-1102 last month")
    return chat


@pytest.fixture
async def booked(chat: Chat) -> Chat:
    await chat.world.does("Laila has a turn for «identity» on day 7 at 9:30 in 72-1102")
    return chat


def kindly(seen: list[Seen], *, says: str) -> None:
    """It says what happened, and offers a next step."""
    text = "\n".join(each.text for each in seen)
    labels = {label for each in seen for row in each.rows for label in row}
    assert says in text, text
    assert labels - LEADS_NOWHERE, "nothing to go on with"


async def is_sound(chat: Chat) -> None:
    """No place is kept for nobody, and every promise of the database holds."""
    assert await chat.holds() == 0
    assert await chat.world.bot.storage.read(verify) == []


@everything
async def test_what_is_out_of_use_is_not_offered_like_last_time(served: Chat, what: str) -> None:
    await served.goes(what)
    seen = await served.press("🗓 Turn")
    assert "like last time" not in seen[-1].text
    kindly(seen, says="A turn for which service?")
    await is_sound(served)


@everything
async def test_it_goes_out_of_use_between_like_last_time_and_the_tap(served: Chat, what: str) -> None:
    seen = await served.press("🗓 Turn")
    assert "like last time" in seen[-1].text
    await served.goes(what)
    seen = await served.press("✅ This is good")
    kindly(seen, says=NO_APPOINTMENTS if what in OF_SERVICES else "Office 72-1102 has no free time for this any more.")
    kindly(seen, says="A turn for which service?")
    await is_sound(served)


@everything
async def test_it_goes_out_of_use_between_the_last_look_and_the_last_tap(served: Chat, what: str) -> None:
    await served.press("🗓 Turn", "✅ This is good")
    assert await served.holds() == 1
    before = await served.appointments()
    await served.goes(what)
    kindly(await served.press("✅ Book the turn"), says=NOT_AT_ALL if what in OF_SERVICES else NOT_HERE)
    await is_sound(served)
    assert await served.appointments() == before


@everything
async def test_it_goes_out_of_use_while_the_name_is_typed(chat: Chat, what: str) -> None:
    await chat.press("🗓 Turn", "Identity check", "Alborz", "Office 72-1102", "✅ This is good")
    assert await chat.holds() == 1
    await chat.goes(what)
    kindly(await chat.press("👤 Laila"), says=NOT_AT_ALL if what in OF_SERVICES else NOT_HERE)
    await is_sound(chat)


@everything
async def test_it_is_out_of_use_when_another_time_is_wanted(booked: Chat, what: str) -> None:
    await booked.goes(what, keeps=True)
    before = await booked.appointments()
    kindly(await booked.press("🗓 Change the time"), says=STAYS if what in OF_SERVICES else NOT_HERE_BUT_STAYS)
    await is_sound(booked)
    assert await booked.appointments() == before


@everything
async def test_it_goes_out_of_use_between_opening_a_change_and_the_choice(booked: Chat, what: str) -> None:
    await booked.press("🗓 Change the time")
    await booked.goes(what, keeps=True)
    before = await booked.appointments()
    kindly(await booked.press("Sunday ۸ Azar"), says=STAYS if what in OF_SERVICES else NOT_HERE_BUT_STAYS)
    await is_sound(booked)
    assert await booked.appointments() == before


@everything
async def test_it_goes_out_of_use_between_the_day_and_the_time_of_a_change(booked: Chat, what: str) -> None:
    await booked.press("🗓 Change the time", "Sunday ۸ Azar")
    await booked.goes(what, keeps=True)
    before = await booked.appointments()
    kindly(await booked.press("۹:۰۰"), says=STAYS if what in OF_SERVICES else NOT_HERE_BUT_STAYS)
    await is_sound(booked)
    assert await booked.appointments() == before


@everything
async def test_it_goes_out_of_use_between_the_last_look_of_a_change_and_the_last_tap(booked: Chat, what: str) -> None:
    await booked.press("🗓 Change the time", "Sunday ۸ Azar", "۹:۰۰")
    assert await booked.holds() == 1
    await booked.goes(what, keeps=True)
    before = await booked.appointments()
    kindly(await booked.press("✅ Change the time"), says=STAYS if what in OF_SERVICES else NOT_HERE_BUT_STAYS)
    await is_sound(booked)
    assert await booked.appointments() == before


async def test_where_no_office_is_left_the_desk_can_be_asked_and_the_appointment_stays(booked: Chat) -> None:
    await booked.world.does("the queue of 72-1103 no longer serves «identity»")
    await booked.world.does("the office 21-2201 goes out of use")
    await booked.press("🗓 Change the time", "Sunday ۸ Azar", "۹:۰۰")
    await booked.goes("queue", keeps=True)
    kindly(await booked.press("✅ Change the time"), says=STAYS)
    await is_sound(booked)


async def test_where_no_office_is_left_for_a_new_appointment_the_desk_can_be_asked(served: Chat) -> None:
    await served.world.does("the queue of 72-1103 no longer serves «identity»")
    await served.world.does("the office 21-2201 goes out of use")
    await served.press("🗓 Turn", "✅ This is good")
    await served.goes("office")
    seen = await served.press("✅ Book the turn")
    kindly(seen, says="No office does this service now. You can ask the desk.")
    assert "💬 Ask the desk" in {label for each in seen for row in each.rows for label in row}
    await is_sound(served)
