"""Polling loses nothing, waits for nobody and repeats nothing, in whatever way a messenger falls silent."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels import polling as polling_room
from bot.channels.bot_api import BotApiChannel
from bot.channels.polling import Poller
from bot.channels.port import SendingFailed, Unreadable
from bot.dialogue.heard import Heard, HeardKind
from bot.dialogue.says import Answer, Says
from bot.receiving.lanes import Lanes
from bot.running.tasks import Tasks
from emulator import Emulator
from tests.channels.talking import MakeChannel, always, answer_to, fa, met, polling

OK = Says(fa("باشد"))


async def test_order_inside_a_chat_and_nobody_waits_for_another(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    said: dict[str, list[str]] = defaultdict(list)
    gate = asyncio.Event()
    quick_done = asyncio.Event()

    async def reply(heard: Heard) -> Answer | None:
        if heard.text == "کند ۰":
            await gate.wait()
        elif heard.text.startswith("کند"):
            await asyncio.sleep(0.01)
        said[heard.address.chat].append(heard.text)
        if heard.text == "تند ۹":
            quick_done.set()
        return answer_to(heard, OK)

    async with polling(channel, reply):
        slow, quick = await met(emulator, kind), await met(emulator, kind)
        for number in "۰۱۲۳۴۵۶۷۸۹":
            await slow.say(f"کند {number}")
            await quick.say(f"تند {number}")
        # The slow chat's first message is still being handled: the other chat must get through to its end.
        await asyncio.wait_for(quick_done.wait(), 60)
        assert said[str(slow.id)] == ["/start"]
        gate.set()
        await slow.settled(expect=10)
    assert said[str(slow.id)] == ["/start", *(f"کند {number}" for number in "۰۱۲۳۴۵۶۷۸۹")]
    assert said[str(quick.id)] == ["/start", *(f"تند {number}" for number in "۰۱۲۳۴۵۶۷۸۹")]


async def test_bad_updates_are_handed_over_and_block_nothing(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    async with polling(channel, always(OK)) as listener:
        person = await met(emulator, kind)
        bot = emulator.bot(kind)
        broken: list[dict[str, Any]] = [
            {"message": {"chat": "?"}}, {"edited_message": 3}, {"message": None}, {"callback_query": []}, {},
        ]  # fmt: skip
        for bad in broken:
            emulator.world.send_raw(bot, bad)
        await person.ask("سلام")
        await emulator.all_settled()
    parked = [heard for heard in listener.heard if isinstance(heard, Unreadable)]
    assert len(parked) == 5
    assert [heard.text for heard in listener.of(HeardKind.TEXT)] == ["/start", "سلام"]
    assert not bot.queue.pending


async def test_what_was_not_committed_comes_again_and_others_go_on(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    tries = 0

    async def reply(heard: Heard) -> Answer | None:
        nonlocal tries
        if heard.text == "یک":
            tries += 1
            if tries < 3:
                raise ConnectionError("the database is away")
        return answer_to(heard, OK)

    async with polling(channel, reply) as listener:
        unlucky, other = await met(emulator, kind), await met(emulator, kind)
        await unlucky.say("یک")
        await unlucky.say("دو")
        await other.ask("سه")
        await unlucky.settled(expect=2)
    texts = [heard.text for heard in listener.of(HeardKind.TEXT) if heard.address.chat == str(unlucky.id)]
    assert texts == ["/start", "یک", "یک", "یک", "دو"]


async def test_one_that_always_fails_is_parked_once_others_went_through(
    channel: BotApiChannel, kind: str, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling_room, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(polling_room, "LONGEST_PAUSE", 0.02)

    async def reply(heard: Heard) -> Answer | None:
        if heard.text == "بد":
            raise ValueError("حرف خصوصی")
        return answer_to(heard, OK)

    async with polling(channel, reply) as listener:
        unlucky, other = await met(emulator, kind), await met(emulator, kind)
        await unlucky.say("بد")
        await asyncio.sleep(0.3)
        assert not [heard for heard in listener.heard if isinstance(heard, Unreadable)]  # nobody else went through yet
        await other.ask("خوب")
        await unlucky.ask("بعدی")
        await emulator.all_settled()
    parked = [heard for heard in listener.heard if isinstance(heard, Unreadable)]
    assert len(parked) == 1
    assert "ValueError" in parked[0].reason
    assert "خصوصی" not in parked[0].reason


@pytest.mark.parametrize(
    "fault", ["conflict", "not_found", "bad_gateway", "server_error", "reset", "too_many_requests", "lost_answer"]
)
async def test_polling_survives(
    channel: BotApiChannel, kind: str, emulator: Emulator, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling_room, "FIRST_PAUSE", 0.01)
    async with polling(channel, always(OK)) as listener:
        person = await met(emulator, kind)
        emulator.faults.add(fault, method="getUpdates", times=3, retry_after=0)
        for number in range(3):
            await person.ask(f"سلام {number}")
    assert [heard.text for heard in listener.of(HeardKind.TEXT)][1:] == [f"سلام {number}" for number in range(3)]


async def test_a_repeated_update_id_is_heard_once(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    """Within one run; over restarts the database tells."""
    async with polling(channel, always(OK)) as listener:
        person = await met(emulator, kind)
        await person.ask("سلام")
        await asyncio.sleep(0.3)
    assert [heard.text for heard in listener.of(HeardKind.TEXT)] == ["/start", "سلام"]
    # Leaving confirmed what was done, so that nothing is waiting for the next start.
    assert not emulator.bot(kind).queue.pending


async def test_what_is_cut_off_comes_again(kind: str, emulator: Emulator, make_channel: MakeChannel) -> None:
    stuck = asyncio.Event()

    async def never(heard: Heard) -> Answer | None:
        stuck.set()
        await asyncio.Event().wait()
        return None

    first, second = make_channel(kind), make_channel(kind)
    person = emulator.person(kind, first_name="نوید")
    async with polling(first, never):
        await person.start("x")
        await asyncio.wait_for(stuck.wait(), 60)
    await first.stop()
    async with polling(second, always(OK)) as listener:
        await person.settled(timeout=60)
    assert [heard.start for heard in listener.of(HeardKind.TEXT)] == ["x"]


async def test_polling_ends_a_webhook_that_is_in_the_way(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    await channel.set_webhook("http://127.0.0.1:9/hook", secret="s")
    async with polling(channel, always(OK)):
        await met(emulator, kind)


async def test_a_webhook_that_could_not_be_ended_is_ended_later(
    channel: BotApiChannel, kind: str, emulator: Emulator
) -> None:
    await channel.set_webhook("http://127.0.0.1:9/hook", secret="s")
    emulator.faults.add("server_error", method="deleteWebhook", times=3)
    async with polling(channel, always(OK)):
        await met(emulator, kind)
    assert not emulator.bot(kind).webhook.state.url


async def test_a_webhook_set_meanwhile_is_ended_too(channel: BotApiChannel, kind: str, emulator: Emulator) -> None:
    async with polling(channel, always(OK)):
        person = await met(emulator, kind)
        await channel.set_webhook("http://127.0.0.1:9/hook", secret="s")
        await person.say("هستید؟")
        await person.settled(60)
    assert not emulator.bot(kind).webhook.state.url


class Messenger:
    """A messenger made of a list, which counts how often it is asked."""

    def __init__(self, *ids: int) -> None:
        self.waiting = [{"update_id": number} for number in ids]
        self.offsets: list[int | None] = []
        self.answers: list[Any] = []

    async def fetch(self, offset: int | None, limit: int, wait: int) -> list[Any]:
        self.offsets.append(offset)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return list(answer)
        if offset is not None:
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting and wait:
            await asyncio.sleep(0.05)
        return self.waiting[:limit]


async def run_poller(messenger: Messenger, hears: Any, *, until: Callable[[], bool], then: float = 0.0) -> None:
    """Poll until it is so, and for some seconds more in which nothing else may happen."""
    poller = Poller(
        fetch=messenger.fetch, read=lambda raw: Unreadable(raw["update_id"], "-"), lanes=Lanes(), name="test"
    )
    async with Tasks() as tasks, asyncio.timeout(60):
        tasks.start(poller.run(hears), name="poll")
        while not until():
            await asyncio.sleep(0.001)
        await asyncio.sleep(then)


async def test_an_unfinished_update_is_not_confirmed_and_not_asked_for_in_a_busy_loop() -> None:
    messenger = Messenger(1, 2, 3)
    stuck = asyncio.Event()
    done: list[int] = []

    async def hears(heard: Any) -> None:
        if heard.update_id == 2:
            await stuck.wait()
        done.append(heard.update_id)

    await run_poller(messenger, hears, until=lambda: 2 in messenger.offsets and len(done) > 1, then=0.7)
    assert done == [1, 3]
    assert [update["update_id"] for update in messenger.waiting] == [2, 3]
    assert max(offset or 0 for offset in messenger.offsets) == 2
    assert len(messenger.offsets) < 12


async def test_without_a_pause_it_would_be_a_busy_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(self: Poller, longest: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(Poller, "_until_idle", at_once)
    messenger = Messenger(1)

    async def hears(heard: Any) -> None:
        await asyncio.Event().wait()

    await run_poller(messenger, hears, until=lambda: len(messenger.offsets) > 100)


async def test_the_offset_follows_what_is_done() -> None:
    messenger = Messenger(5, 6)

    async def hears(heard: Any) -> None:
        return None

    await run_poller(messenger, hears, until=lambda: not messenger.waiting)
    assert messenger.offsets[:2] == [None, 7]


async def test_lower_ids_after_a_long_silence_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a week without updates a messenger may begin at a lower id; with the old offset it would say nothing."""
    monkeypatch.setattr(polling_room, "FORGET_OFFSET_AFTER", 0.1)
    messenger = Messenger(900, 901)
    done: list[int] = []

    async def hears(heard: Any) -> None:
        done.append(heard.update_id)

    def is_silent() -> bool:
        if done == [900, 901] and messenger.offsets[-2:] == [902, None]:
            messenger.waiting = [{"update_id": 12}]
        return done[2:] == [12]

    await run_poller(messenger, hears, until=is_silent)


async def test_strange_answers_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling_room, "FIRST_PAUSE", 0.01)
    messenger = Messenger(9)
    messenger.answers = [
        ["nonsense", {"update_id": None}, {"update_id": True}, 7],
        SendingFailed("502", retry_after=0.01),
    ]
    done: list[int] = []

    async def hears(heard: Any) -> None:
        done.append(heard.update_id)

    await run_poller(messenger, hears, until=lambda: bool(done), then=0.1)
    assert done == [9]
