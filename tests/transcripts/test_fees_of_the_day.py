"""The fee that is said is that of its day: of the appointment, and for a complaint of the day it happened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.catalogue.models import ServiceFee
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests import makers
from tests.makers_fees import make_fee
from tests.transcripts import case_world, change_world
from tests.transcripts.bare import BareStage
from tests.transcripts.script import Seen
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World, office_of_code, service_of_code

LINES = (case_world, change_world)
"""Imported for the lines that they register."""

OF_TODAY, OF_THE_DAY = "۲۷ thousand toman", "۵۴ thousand toman"
RISES = 8
"""Days from today: the first one of the new fee, and the day of the appointment."""


@pytest.fixture
async def world(storage: Storage) -> World:
    """Laila, who has an appointment on the day on which the fee is another one for the first time."""
    bot = Bot(storage, language_of("en"), Clock())
    world = World(bot, BareStage(bot), "en")
    for line in (
        "the usual desk",
        "a person who has been here before",
        "Laila is known to this chat by the number 12345678",
        f"the fee of «identity» is 540000 rial from day {RISES} on",
    ):
        await world.does(line)
    return world


def said(seen: list[Seen]) -> str:
    return "\n".join(each.text for each in seen)


async def pressed(world: World, *labels: str) -> str:
    """What is said after the last of these buttons."""
    seen: list[Seen] = []
    for label in labels:
        seen = [*await world.stage.press(label), *await world.stage.post()]
    return said(seen)


async def test_everything_about_an_appointment_says_the_fee_of_its_day(world: World) -> None:
    await world.stage.say("/start")
    await pressed(world, "🗓 Turn", "Identity check", "Alborz", "Office 72-1102", "🗓 Another day")
    await pressed(world, "Sunday ۸ Azar", "۹:۰۰")
    shown = {
        "the last look": await pressed(world, "👤 Laila"),
        "the ticket": await pressed(world, "✅ Book the turn"),
        "my turns": await pressed(world, "🏠 Main page", "🗓 Turn", "🎫 My turns"),
        "the ticket again": await pressed(world, "🎫 Ticket again"),
    }
    reminders = said(await world.does(f"{RISES - 1} days pass") + await world.does("9 hours pass"))
    shown["the reminder"] = reminders
    for where, text in shown.items():
        assert OF_THE_DAY in text, where
        assert OF_TODAY not in text, where


@pytest.mark.parametrize(
    ("has", "chosen", "now", "before"),
    [
        ("day 7 at 9:30", ("Sunday ۸ Azar", "۹:۰۰"), OF_THE_DAY, OF_TODAY),
        ("day 8 at 9:00", ("Saturday ۷ Azar", "۹:۳۰"), OF_TODAY, OF_THE_DAY),
    ],
)
async def test_a_move_across_the_day_of_the_change_says_the_new_fee(
    world: World, has: str, chosen: tuple[str, str], now: str, before: str
) -> None:
    await world.does(f"Laila has a turn for «identity» on {has} in 72-1102")
    look = await pressed(world, "🗓 Change the time", *chosen)
    assert f"The fee at the new time is {now}" in look
    assert f"Until now: {before}" in look
    ticket = await pressed(world, "✅ Change the time")
    assert now in ticket
    assert before not in ticket


async def test_a_move_within_days_of_one_fee_says_it_without_a_change(world: World) -> None:
    await world.does("Laila has a turn for «identity» on day 7 at 9:30 in 72-1102")
    look = await pressed(world, "🗓 Change the time", "Saturday ۷ Azar", "۱۰:۰۰")
    assert f"Fee: {OF_TODAY}" in look
    assert "The fee at the new time" not in look


async def test_a_move_to_another_province_says_the_fee_there(world: World) -> None:
    def own_fee(session: WriteSession) -> None:
        service = service_of_code(session, "identity")
        province = office_of_code(session, "21-2201").province_code
        make_fee(session, service=service, rial=310_000, province_code=province)

    await world.write(own_fee)
    await world.does("Laila has a turn for «identity» on day 7 at 9:30 in 72-1102")
    look = await pressed(world, "🗓 Change the time", "📍 Another office", "Tehran", "Tuesday ۳ Azar", "۱۰:۰۰")
    assert "The fee at the new time is ۳۱ thousand toman" in look


async def test_the_office_that_moves_an_appointment_says_the_new_fee_beside_that_of_the_day_before(
    world: World,
) -> None:
    def another_one_on_day_seven(session: WriteSession) -> None:
        day = makers.TODAY + timedelta(days=RISES - 1)
        first = session.query(ServiceFee).order_by(ServiceFee.valid_from).first()
        assert first is not None
        first.valid_to = day - timedelta(days=1)
        service = service_of_code(session, "identity")
        make_fee(session, service=service, rial=310_000, valid_from=day, valid_to=day)

    await world.write(another_one_on_day_seven)
    await world.does("Laila has a turn for «identity» on day 7 at 9:30 in 72-1102")
    told = said(await world.does("the office moves the turns of day 7, which it closes because «no power»"))
    assert f"The fee at the new time is {OF_THE_DAY}" in told
    assert "Until now: ۳۱ thousand toman" in told


async def test_a_complaint_from_the_ticket_compares_with_the_fee_of_the_day_of_the_appointment(world: World) -> None:
    """The fee has risen since the visit: what was paid then is no more than was due then, and is said to be so."""

    def rises_after_the_visit(session: WriteSession) -> None:
        for fee in session.query(ServiceFee).order_by(ServiceFee.valid_from):
            if fee.amount_rial == 270_000:
                fee.valid_to = makers.TODAY + timedelta(days=7)

    await world.write(rises_after_the_visit)
    await world.does("Laila has a turn for «identity» on day 7 at 9:30 in 72-1102")
    await world.does(f"{RISES} days pass")
    await pressed(world, "📣 They took extra money")
    await world.stage.say("۵۰ هزار")
    look = await pressed(world, "That is enough")
    assert f"The fee of that day: {OF_TODAY}" in look
