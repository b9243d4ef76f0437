"""A number that another chat has named: its owner books all the same, and nobody learns who has an appointment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, func, select

from bot.dialogue.heard import Address
from desk.appointments.models import Appointment
from desk.storage.engine import Storage
from mizban.jobs import Jobs
from tests.transcripts.bare import BareStage
from tests.transcripts.script import Seen
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

NUMBER, ANOTHER = "987654321", "987654399"
BEGIN = ("/start", "[Persian (Iran)]", "[✅ I understand]")
BOOK = (
    "[🗓 Turn]",
    "[Identity check]",
    "[Alborz]",
    "[Office 72-1102]",
    "[✅ This is good]",
    "Gol Agha",
    "[Amayesh card]",
)
OFFERED = re.compile(r"[۰-۹0-9]+|\b(?:zero|one|two|three|four|five|six|seven|eight|nine)\b")


async def chat_at(bot: Bot, chat: str) -> BareStage:
    """A chat of a bot of its own, so that what is posted to it is not what is posted to another."""
    stage = BareStage(bot, Address("bare", f"bot{chat}", chat))
    for act in BEGIN:
        await does(stage, act)
    return stage


async def does(stage: BareStage, act: str) -> list[Seen]:
    return await (stage.press(act[1:-1]) if act.startswith("[") else stage.say(act))


async def books(stage: BareStage, number: str) -> list[str]:
    """What the chat sees of booking with this number, without times and codes."""
    seen: list[Seen] = []
    for act in (*BOOK, number, "[✅ Book the turn]"):
        seen += await does(stage, act)
    seen += await stage.post()
    return [OFFERED.sub("…", f"{each.text} {each.rows}") for each in seen]


@contextmanager
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def desk(storage: Storage) -> Bot:
    bot = Bot(storage, language_of("en"), Clock())
    await World(bot, BareStage(bot), "en").does("the usual desk")
    return bot


async def test_asking_whether_a_person_has_a_turn_tells_nothing(storage: Storage) -> None:
    bot = await desk(storage)
    owner, asks, anybody = [await chat_at(bot, chat) for chat in ("7001", "7002", "7003")]
    await books(owner, NUMBER)
    with statements() as of_who_asks:
        told = await books(asks, NUMBER)
    with statements() as of_anybody:
        usual = await books(anybody, ANOTHER)
    assert any("The turn of Gol Agha" in each for each in told)
    assert told == usual
    assert of_who_asks == of_anybody, "not one statement more, so that not even the time tells"


async def test_a_squatted_number_keeps_nobody_from_a_turn(storage: Storage) -> None:
    bot = await desk(storage)
    squatter, owner = [await chat_at(bot, chat) for chat in ("7001", "7002")]
    tickets = [str(await books(stage, NUMBER)) for stage in (squatter, owner)]
    assert ["The turn of Gol Agha" in each for each in tickets] == [True, True]
    assert ["holder of the original" in each for each in tickets] == [True, True]
    live = select(func.count()).select_from(Appointment).where(Appointment.is_live)
    assert await storage.read(lambda session: session.scalar(live)) == 2


async def test_the_first_chat_alone_is_told_and_only_once(storage: Storage) -> None:
    bot = await desk(storage)
    first, second, third = [await chat_at(bot, chat) for chat in ("7001", "7002", "7003")]
    for stage in (first, second, third):
        await books(stage, NUMBER)
    jobs = Jobs(storage=storage, clock=bot.clock)
    assert await jobs.run("tell_of_numbers_named_again") == 1
    assert [await stage.post() for stage in (second, third)] == [[], []]
    [notice] = await first.post()
    assert "You need not do anything." in notice.text
    assert "7002" not in str(notice)
    assert await jobs.run("tell_of_numbers_named_again") == 0
    assert await first.post() == []
