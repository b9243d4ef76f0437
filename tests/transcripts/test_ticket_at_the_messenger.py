"""What the messenger gets with a ticket, as it goes over the wire: the code on its picture, the office on the map."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.catalogue.models import Service
from desk.codes import TrackingCode
from desk.language.text import Locale
from desk.offices.models import Office
from desk.reading.codes import read_code
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from emulator import Emulator
from tests import makers
from tests.transcripts.emulated import EmulatedStage, emulated
from tests.transcripts.qr_reader import read_codes
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World, service_of_code, slot_at, this_chat

pytestmark = pytest.mark.sqlite

LATITUDE, LONGITUDE = 35.8327416, 50.9915083
"""Of the office, by its column; digits enough that neither can be taken for the other or be rounded."""


@pytest.fixture(params=["telegram", "bale"])
async def stage(request: pytest.FixtureRequest, storage: Storage, emulator: Emulator) -> AsyncIterator[EmulatedStage]:
    """A chat that has just got the tickets of two appointments, the first at the office of these coordinates."""
    bot = Bot(storage, language_of("en"), Clock())
    async with emulated(bot, kind=request.param, emulator=emulator) as stage:
        world = World(bot, stage, "en")
        await world.does("the usual desk")
        await world.does("a person who has been here before")
        await stage.say("/start")
        await world.write(lambda session: _give_appointments(session, world))
        assert [seen.has_picture for seen in await stage.post()] == [True, True]
        yield stage


def _give_appointments(session: WriteSession, world: World) -> None:
    session.execute(update(Office).where(Office.code == "72-1102").values(latitude=LATITUDE, longitude=LONGITUDE))
    for office, day, time, service in (("72-1102", 7, "9:30", "identity"), ("72-1103", 9, "8:30", "renewal")):
        makers.make_appointment(
            session,
            slot=slot_at(session, office, day, time),
            service=service_of_code(session, service),
            conversation=this_chat(session, world),
        )


def codes_of_appointments(session: Session) -> dict[str, str]:
    """The code of each appointment by the title of its service, which its ticket names."""
    found = select(Service.title, Appointment.code).join(Appointment, Appointment.service_id == Service.id)
    return {title.for_locale(Locale.FA): code for title, code in session.execute(found)}


def pictures(stage: EmulatedStage) -> list[tuple[str, bytes]]:
    """The words and the bytes of every picture in the chat, as the bot uploaded them."""
    found = []
    for shown in stage.person.screen.messages:
        if shown.kind == "photo":
            stored = stage.emulator.world.files.get(shown.media["photo"][-1]["file_id"])
            assert stored is not None
            found.append((shown.text, stored.content))
    return found


def copied(stage: EmulatedStage, words: str) -> set[str]:
    """What the buttons under this message put on the clipboard."""
    [shown] = [shown for shown in stage.person.screen.messages if shown.text == words]
    return {button.copy for row in shown.rows for button in row if button.copy}


async def test_the_picture_holds_the_code_of_its_appointment(stage: EmulatedStage) -> None:
    codes = await stage.bot.storage.read(codes_of_appointments)
    assert len(set(codes.values())) == 2

    shown = pictures(stage)

    assert len(shown) == 2
    for words, picture in shown:
        [code] = [code for title, code in codes.items() if title in words]
        assert read_codes(picture) == [code]
        assert copied(stage, words) == ({code} if stage.kind == "telegram" else set())
        assert read_code(words) == TrackingCode(code), "the words and the picture say two things"


async def test_the_ticket_that_is_asked_for_again_holds_the_same_code(stage: EmulatedStage) -> None:
    [first] = [
        code for title, code in (await stage.bot.storage.read(codes_of_appointments)).items() if "Identity" in title
    ]
    before = len(pictures(stage))
    await stage.press("📍 Map", oldest=True)
    await stage.press("🎫 This turn")
    await stage.press("🎫 Ticket again")
    await stage.post()

    again = pictures(stage)[before:]
    assert [read_codes(picture) for _, picture in again] == [[first]]


async def test_the_pin_is_where_the_office_is(stage: EmulatedStage) -> None:
    await stage.press("📍 Map", oldest=True)

    method = {"telegram": "sendVenue", "bale": "sendLocation"}[stage.kind]
    sent = stage.emulator.calls_to(stage.person)
    pins = [call for call in sent if "latitude" in call.params]
    assert [(call.method, call.ok) for call in pins] == [(method, True)]
    # One messenger is sent forms, the other JSON: a number reads the same in both.
    assert str(pins[0].params["latitude"]) == str(LATITUDE)
    assert str(pins[0].params["longitude"]) == str(LONGITUDE)
    shown = [each.media["location"] for each in stage.person.screen.messages if "location" in each.media]
    assert shown == [{"latitude": LATITUDE, "longitude": LONGITUDE}]
