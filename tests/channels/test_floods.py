"""A chat that writes faster than it is read is bounded where its messages arrive, and is told so once."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.port import Unreadable
from bot.dialogue.heard import Address, Heard, HeardKind
from bot.receiving.floods import MOST_WAITING, Floods
from bot.receiving.lanes import Lanes
from bot.running.tasks import Tasks
from emulator import Emulator
from tests.channels.talking import MakeChannel

LOUD, QUIET = Address("telegram", "111", "1"), Address("telegram", "111", "2")


class Told:
    """Stands in for the exchanges: remembers who was told to write slowly, or fails to tell."""

    def __init__(self) -> None:
        self.addresses: list[Address] = []
        self.fails = False

    async def say_slowly(self, address: Address) -> None:
        await asyncio.sleep(0)
        if self.fails:
            raise ConnectionRefusedError
        self.addresses.append(address)


class Chats:
    """Messages of chats that are read only when the test lets them."""

    def __init__(self, tasks: Tasks) -> None:
        self.told = Told()
        self.lanes = Lanes()
        self.floods = Floods(exchanges=self.told, lanes=self.lanes)  # type: ignore[arg-type]  # a stand-in
        self.read: list[str] = []
        self._may_read = asyncio.Event()
        self._tasks = tasks
        self._count = 0

    async def write(self, address: Address, *, kind: HeardKind = HeardKind.TEXT) -> bool:
        """Whether one more message of this chat is taken."""
        self._count += 1
        heard = Heard(address, str(self._count), kind, text=str(self._count))
        if await self.floods.is_refused(heard):
            return False
        self._tasks.start(self.lanes.run(address, lambda: self._reading(heard)), name="read")
        await asyncio.sleep(0)
        return True

    async def _reading(self, heard: Heard) -> None:
        await self._may_read.wait()
        self.read.append(heard.update_id)

    async def read_all(self) -> None:
        self._may_read.set()
        while len(self.lanes):
            await asyncio.sleep(0)
        self._may_read.clear()


async def test_what_goes_beyond_is_refused_and_the_person_is_told_once() -> None:
    async with Tasks() as tasks:
        chats = Chats(tasks)
        taken = [await chats.write(LOUD) for _ in range(3000)]
        assert await chats.write(QUIET)
        await chats.read_all()

    assert taken == [True] * (MOST_WAITING + 1) + [False] * (2999 - MOST_WAITING)
    assert chats.told.addresses == [LOUD]
    assert len(chats.read) == MOST_WAITING + 2


async def test_nothing_after_that_moment_is_read_until_all_before_it_is() -> None:
    """Else «what you sent after … was not read» would not be true."""
    async with Tasks() as tasks:
        chats = Chats(tasks)
        for _ in range(MOST_WAITING + 2):
            await chats.write(LOUD)
        release = asyncio.Event()
        tasks.start(chats.lanes.run(LOUD, release.wait), name="behind them")  # what was there before is not read yet
        await asyncio.sleep(0)
        assert not await chats.write(LOUD)
        release.set()
        await chats.read_all()
        assert await chats.write(LOUD)
        await chats.read_all()

    assert chats.told.addresses == [LOUD]


async def test_a_second_flood_is_told_again() -> None:
    async with Tasks() as tasks:
        chats = Chats(tasks)
        for _ in range(2):
            for _ in range(MOST_WAITING + 5):
                await chats.write(LOUD)
            await chats.read_all()
            await chats.write(LOUD)
            await chats.read_all()

    assert chats.told.addresses == [LOUD, LOUD]


async def test_whom_nobody_could_tell_is_not_turned_away_unsaid() -> None:
    async with Tasks() as tasks:
        chats = Chats(tasks)
        chats.told.fails = True
        for _ in range(MOST_WAITING + 1):
            await chats.write(LOUD)
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                await chats.write(LOUD)
        chats.told.fails = False
        assert not await chats.write(LOUD)
        await chats.read_all()

    assert chats.told.addresses == [LOUD]


async def test_two_at_once_both_wait_until_the_person_is_told() -> None:
    async with Tasks() as tasks:
        chats = Chats(tasks)
        for _ in range(MOST_WAITING + 1):
            await chats.write(LOUD)
        outcomes = await asyncio.gather(*(chats.write(LOUD) for _ in range(5)))
        told = list(chats.told.addresses)
        await chats.read_all()

    assert outcomes == [False] * 5
    assert told == [LOUD]


async def test_that_somebody_blocked_the_bot_is_always_heard() -> None:
    async with Tasks() as tasks:
        chats = Chats(tasks)
        for _ in range(MOST_WAITING + 1):
            await chats.write(LOUD)
        assert await chats.write(LOUD, kind=HeardKind.BLOCKED)
        assert not await chats.floods.is_refused(Unreadable("7", "no text"))
        await chats.read_all()


async def test_polling_confirms_what_was_turned_away(emulator: Emulator, make_channel: MakeChannel, kind: str) -> None:
    """Three thousand messages of one chat filled the window of unconfirmed updates and held up everybody."""
    channel = make_channel(kind)
    heard: list[str] = []

    async def hears(each: Heard | Unreadable) -> None:
        assert isinstance(each, Heard)
        heard.append(each.text)

    async def refuses(each: Heard | Unreadable) -> bool:
        return isinstance(each, Heard) and each.text == "باز هم"

    loud, quiet = emulator.person(kind, first_name="الف"), emulator.person(kind, first_name="ب")
    async with Tasks() as tasks:
        for _ in range(150):
            await loud.say("باز هم")
        await quiet.say("سلام")
        tasks.start(channel.poll(hears, refuses), name="poll")
        async with asyncio.timeout(60):
            while "سلام" not in heard:
                await asyncio.sleep(0.02)
        await tasks.stop()

    assert heard == ["سلام"]
