"""All of Mizban at work with both messengers: answers that could not be sent, people who left, and a goodbye."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from desk.clock import steady
from desk.conversations.models import Conversation, HeardUpdate, UpdateOutcome
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from emulator import EmulatedPerson, Emulator
from mizban.health import KEPT, KEPT_OF_MESSENGERS, KeptCheck
from mizban.process import Running
from tests.faults.running import PATIENCE


def outbox(session: Session) -> list[tuple[str, DeliveryState]]:
    """Notices and their states, oldest first."""
    rows = session.execute(select(OutboxMessage.notice, OutboxMessage.state).order_by(OutboxMessage.id))
    return [(notice, state) for notice, state in rows]


async def until(look: Callable[[], Awaitable[Any]], *, patience: float = PATIENCE) -> Any:
    """The first answer that is true."""
    async with asyncio.timeout(patience):
        while not (answer := await look()):
            await asyncio.sleep(0.02)
        return answer


async def book(person: EmulatedPerson, *, number: str = "P01234567") -> None:
    """From the first word to the ticket, for the holder of the passport of this number."""
    screen = await person.ask("/start", timeout=PATIENCE)
    given_up = steady() + PATIENCE
    while steady() < given_up:
        screen = await person.settled(PATIENCE, spinners=False)
        if any(shown.kind == "photo" and not shown.mine for shown in screen.messages):
            return
        data = [button.data for row in screen.rows for button in row]
        wish = next(
            (d for key in ("fa", "understood", "go:(appointments|book):", r"s\d+", r"(yes|y\d+)", "passport")
             for d in data if re.fullmatch(rf"r\d+\.{key}", d)), None
        )  # fmt: skip
        if wish is not None:
            await person.press(data=wish)
        elif data == ["go:menu:"]:
            await asyncio.sleep(0.1)  # booked; the ticket is on its way
        elif "شماره" in screen.plain:
            await person.say(number)
        elif "نام" in screen.plain:
            await person.say("گل‌آقا رحیمی")
        else:
            await asyncio.sleep(0.1)
    chat = "\n".join(f"{'>' if each.mine else ' '} {each.plain[:100]}" for each in screen.messages[-20:])
    raise AssertionError(f"no ticket:\n{chat}")


@pytest.mark.parametrize("kind", ["telegram", "bale"])
async def test_an_appointment_is_booked_and_its_ticket_arrives(running: Running, emulator: Emulator, kind: str) -> None:
    await book(emulator.person(kind))
    sent = await until(lambda: _sent(running, "ticket"))
    assert sent == 1


async def _sent(running: Running, notice: str) -> int:
    found = await running.parts.storage.read(outbox)
    return sum(name == notice and state is DeliveryState.SENT for name, state in found)


async def test_a_screen_that_could_not_be_sent_comes_by_the_outbox(running: Running, emulator: Emulator) -> None:
    emulator.faults.add("server_error", bot="telegram", method="sendMessage", times=3)
    person = emulator.person("telegram")
    await person.start()
    screen = await person.settled(PATIENCE, expect=1)
    assert screen.buttons, "met with silence"
    assert await until(lambda: _sent(running, "screen")) == 1
    assert await running.parts.storage.read(outbox) == [("screen", DeliveryState.SENT)]


async def test_the_twin_without_the_second_way_leaves_silence(
    running: Running, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(running.parts.hearing), "_send_later", lambda *args, **kwargs: None)
    emulator.faults.add("server_error", bot="telegram", method="sendMessage", times=3)
    person = emulator.person("telegram")
    await person.start()
    await until(lambda: _heard(running))
    await asyncio.sleep(2)
    assert person.screen.current is None


async def _heard(running: Running) -> int:
    def count(session: Session) -> int:
        return len(session.scalars(select(HeardUpdate.id).where(HeardUpdate.outcome == UpdateOutcome.HANDLED)).all())

    return await running.parts.storage.read(count)


async def test_nothing_is_written_to_somebody_who_blocked_us(running: Running, emulator: Emulator) -> None:
    person = emulator.person("telegram")
    await person.ask("/start")
    emulator.faults.add("blocked", bot="telegram", method="*Message*", chat_id=person.id)
    await person.say("سلام")

    async def unreachable() -> bool:
        def look(session: Session) -> bool:
            return not session.scalars(select(Conversation.reachable)).one()

        return await running.parts.storage.read(look)

    assert await until(unreachable)
    assert await running.parts.storage.read(outbox) == []


async def test_an_update_nobody_can_read_is_parked_with_its_channel(running: Running, emulator: Emulator) -> None:
    emulator.world.send_raw(emulator.bot("bale"), {"message": {"chat": "not a chat", "text": "راز"}})
    person = emulator.person("bale")
    await person.ask("/start")

    async def parked() -> Any:
        def look(session: Session) -> list[tuple[str, str | None]]:
            rows = session.execute(
                select(HeardUpdate.channel, HeardUpdate.reason).where(HeardUpdate.outcome == UpdateOutcome.PARKED)
            )
            return [(channel, reason) for channel, reason in rows]

        return await running.parts.storage.read(look)

    [(channel, reason)] = await until(parked)
    assert channel == "bale"
    assert reason
    assert "راز" not in reason


async def test_a_flood_of_one_person_holds_up_nobody(running: Running, emulator: Emulator) -> None:
    flooder, other = emulator.person("telegram"), emulator.person("telegram")
    await flooder.ask("/start")
    before = len(emulator.calls_to(flooder, "sendMessage"))
    for number in range(130):  # more than a messenger hands out at once
        await flooder.say(f"{number}")
    await other.ask("/start", timeout=PATIENCE)
    screen = await flooder.settled(PATIENCE, expect=0)
    assert screen.buttons, "the last word is answered"
    assert len(emulator.calls_to(flooder, "sendMessage")) - before < 20


async def test_health_says_what_runs_and_what_does_not(running: Running) -> None:
    status, told = await running.health.report()
    assert (status, told["status"]) == (200, "ready")
    assert set(told["parts"]) == {"polling telegram", "polling bale", "delivery telegram", "delivery bale", "timetable"}
    running.health.parts["polling bale"] = lambda: False
    assert await running.health.report() == (
        503,
        {"status": "not ready", "role": "serve", "ill": ["polling bale"], "reason": "polling bale: not running"},
    )


async def test_health_tells_a_refused_token(running: Running, emulator: Emulator) -> None:
    emulator.faults.add("not_found", bot="bale", method="getUpdates")
    await emulator.person("bale").start()  # ends the long poll that is under way
    async with asyncio.timeout(PATIENCE):
        while (report := await running.health.report())[0] == 200:
            await asyncio.sleep(0.05)
    assert report[1]["ill"] == ["bale"]
    assert "refused with 404" in report[1]["reason"]
    emulator.faults.clear()
    async with asyncio.timeout(PATIENCE):
        while (await running.health.report())[0] != 200:
            await asyncio.sleep(0.05)


async def test_health_tells_a_silent_messenger_and_jobs_that_do_not_run(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await running.health.report())[0] == 200
    later = steady() + 100_000
    monkeypatch.setattr("bot.channels.bot_api.steady", lambda: later)
    monkeypatch.setattr("mizban.timetable.steady", lambda: later)
    _status, told = await running.health.report()
    assert set(told["ill"]) == {"telegram", "bale", "jobs"}
    assert "release_expired_holds" in told["reason"]


async def test_health_tells_a_database_that_takes_no_writing(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_session: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr("mizban.health.touch", full)
    status, told = await running.health.report()
    assert (status, told["ill"]) == (503, ["database"])
    assert "disk" in told["reason"]


async def test_health_asks_the_database_once_for_many(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[int] = []
    moment = steady()
    monkeypatch.setattr("mizban.health.steady", lambda: moment)  # however long the fifty take
    monkeypatch.setattr("mizban.health.touch", lambda _session: writes.append(1))
    await asyncio.gather(*(running.health.report() for _ in range(50)))
    assert len(writes) == 1


async def test_a_trouble_that_is_over_is_not_told_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([None, "refused", None])
    moment = [0.0]
    monkeypatch.setattr("mizban.health.steady", lambda: moment[0])

    async def ask() -> str | None:
        return next(answers)

    kept = KeptCheck(ask, KEPT_OF_MESSENGERS)
    assert await kept() is None
    moment[0] += KEPT_OF_MESSENGERS - 1
    assert await kept() is None, "asked too often"
    moment[0] += 1
    assert await kept() == "refused"
    moment[0] += KEPT - 1
    assert await kept() == "refused", "asked too often"
    moment[0] += 1
    assert await kept() is None


async def test_health_tells_a_database_that_is_behind(running: Running) -> None:
    running.health.revision = "9999"
    status, told = await running.health.report()
    assert status == 503
    assert "instead of 9999" in told["reason"]


async def test_what_is_under_way_is_finished_before_the_goodbye(
    running: Running, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanges = type(running.parts.hearing._exchanges)
    hear, begun = exchanges.hear, asyncio.Event()

    async def slowly(self: Any, heard: Any) -> Any:
        begun.set()
        await asyncio.sleep(0.5)
        return await hear(self, heard)

    monkeypatch.setattr(exchanges, "hear", slowly)
    person = emulator.person("telegram")
    await person.start()
    await begun.wait()
    assert await running.parts.hearing.close(patience=PATIENCE)
    assert person.screen.buttons, "the answer was cut off"
    await person.say("سلام")
    await asyncio.sleep(0.5)
    assert await _heard(running) == 1, "an update was taken after the doors were closed"
    assert emulator.bot("telegram").queue.pending, "it has to come again after the next start"


async def test_a_voice_note_is_streamed_and_a_missing_one_is_told(running: Running, emulator: Emulator) -> None:
    person = emulator.person("telegram")
    await person.ask("/start")
    note = await person.send_voice(b"OggS" + bytes(2000))
    file_id = person.chat.messages[note].media["voice"]["file_id"]
    bot = running.parts.bots[0].channel.bot
    chunks = await running.parts._fetch_voice("telegram", bot, file_id)
    assert chunks is not None
    assert b"".join([chunk async for chunk in chunks]) == b"OggS" + bytes(2000)
    assert await running.parts._fetch_voice("telegram", bot, "gone") is None
    assert await running.parts._fetch_voice("telegram", "another", file_id) is None


async def test_jobs_that_fall_due_are_done_by_the_running_service(running: Running) -> None:
    assert running._timetable.is_running
    assert not running._timetable.failing
    assert {job.every > timedelta(0) for job in running._timetable._jobs} == {True}


async def test_pages_and_health_answer_over_http(running: Running) -> None:
    assert running._server is not None
    [server] = running._server.servers
    port = server.sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/health") as health:
            assert health.status == 200
        async with session.get(f"http://127.0.0.1:{port}/", allow_redirects=False) as home:
            assert home.status == 303
        async with session.post(f"http://127.0.0.1:{port}/hooks/telegram/guess", data=b"{}") as hook:
            assert hook.status in {404, 405}, "without MIZBAN_PUBLIC_URL there is no webhook"
