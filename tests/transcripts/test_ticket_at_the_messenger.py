"""What the messenger gets with a ticket, as it goes over the wire: the office's place on the map."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from emulator import Emulator
from tests import makers
from tests.transcripts.emulated import EmulatedStage, emulated
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World, service_of_code, slot_at, this_chat

pytestmark = pytest.mark.sqlite

LATITUDE, LONGITUDE = 35.8327416, 50.9915083
"""Of the office, by its column; digits enough that neither can be taken for the other or be rounded."""


@pytest.fixture(params=["telegram", "bale"])
async def stage(request: pytest.FixtureRequest, storage: Storage, emulator: Emulator) -> AsyncIterator[EmulatedStage]:
    """A chat that has just got the ticket of its turn at the office."""
    bot = Bot(storage, language_of("en"), Clock())
    async with emulated(bot, kind=request.param, emulator=emulator) as stage:
        world = World(bot, stage, "en")
        await world.does("the usual desk")
        await world.does("a person who has been here before")
        await stage.say("/start")
        await world.write(lambda session: _give_a_turn(session, world))
        assert [seen.has_picture for seen in await stage.post()] == [True]
        yield stage


def _give_a_turn(session: WriteSession, world: World) -> None:
    slot = slot_at(session, "72-1102", 7, "9:30")
    session.execute(update(Office).where(Office.code == "72-1102").values(latitude=LATITUDE, longitude=LONGITUDE))
    makers.make_appointment(
        session, slot=slot, service=service_of_code(session, "identity"), conversation=this_chat(session, world)
    )


async def test_the_pin_is_where_the_office_is(stage: EmulatedStage) -> None:
    await stage.press("📍 Map")

    method = {"telegram": "sendVenue", "bale": "sendLocation"}[stage.kind]
    sent = stage.emulator.calls_to(stage.person)
    pins = [call for call in sent if "latitude" in call.params]
    assert [(call.method, call.ok) for call in pins] == [(method, True)]
    # One messenger is sent forms, the other JSON: a number reads the same in both.
    assert str(pins[0].params["latitude"]) == str(LATITUDE)
    assert str(pins[0].params["longitude"]) == str(LONGITUDE)
    shown = [each.media["location"] for each in stage.person.screen.messages if "location" in each.media]
    assert shown == [{"latitude": LATITUDE, "longitude": LONGITUDE}]
