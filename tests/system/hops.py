"""How many of our files and functions two everyday actions pass through: `python -m tests.system.hops` prints it.

The tap that ends in a ticket (the engine without a messenger), and the press by which a clerk records an arrival, both
on SQLite. To change either of them, one has to read that many files.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR
from pathlib import Path
from types import FrameType
from typing import cast

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.dialogue.heard import Address, Heard
from bot.dialogue.says import Answer
from bot.receiving.exchange import Exchanges
from desk.storage.engine import Storage
from desk.storage.migrate import upgrade
from tests.backoffice.conftest import opened_site
from tests.keys import KEYS
from tests.transcripts import script
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.test_transcripts import CHATS, perform
from tests.transcripts.world import World

ROOT = Path(__file__).resolve().parents[2]
OURS = tuple(f"{ROOT / room}/" for room in ("desk", "bot", "backoffice", "mizban"))
BOOKS = "[✅ Book the turn]"
"""The press of the chat that is counted."""
RESUMES = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR
NUMBER, ANOTHER_NUMBER = "۹۸۷۶۵۴۳۲۱", "۹۸۷۶۵۴۳۲۲"
"""Of the papers of the two."""


@dataclass
class Hops:
    """The calls of our functions while `counting`, by file and name; a comprehension is one, as Python makes it."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    statements: int = 0
    """What was sent to the database meanwhile; beginning and ending a transaction is none."""
    _is_on: bool = False
    _entered: set[FrameType] = field(default_factory=set, repr=False)

    @property
    def files(self) -> int:
        """How many files of ours were entered."""
        return len({file for file, _name in self.calls})

    @property
    def number(self) -> int:
        """How many calls of our functions were made."""
        return self.calls.total()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See the calls of this thread and of every thread that is started meanwhile."""
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        event.listen(Engine, "before_cursor_execute", self._sent)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._sent)
            sys.setprofile(None)
            threading.setprofile(None)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count what is called meanwhile."""
        self._is_on = True
        try:
            yield
        finally:
            self._is_on = False

    def _sent(self, *_statement: object) -> None:
        self.statements += self._is_on

    def _see(self, frame: FrameType, what: str, _arg: object) -> None:
        if self._is_on and what == "call":
            code = frame.f_code
            if code.co_filename.startswith(OURS) and not self._is_resumed(frame):
                self.calls[code.co_filename[len(str(ROOT)) + 1 :], code.co_name] += 1

    def _is_resumed(self, frame: FrameType) -> bool:
        """Whether a coroutine or generator only resumes, which is no call however often it happens."""
        if not frame.f_code.co_flags & RESUMES:
            return False
        is_resumed = frame in self._entered
        self._entered.add(frame)
        return is_resumed


@dataclass
class Counted:
    """Stands for the exchanges of a stage, and counts what each passes through."""

    exchanges: Exchanges
    hops: Hops

    async def hear(self, heard: Heard) -> Answer | None:
        """As `Exchanges.hear`."""
        with self.hops.counting():
            return await self.exchanges.hear(heard)


async def booking_tap(storage: Storage, hops: Hops) -> None:
    """Two first contacts, one after the other; the exchange that books in the second is counted.

    How the stage shows the answer is not, nor what is built once and kept.
    """
    told = script.read((CHATS / "book" / "first_contact.chat").read_text(encoding="utf-8"))
    bot = Bot(storage, language_of(told.lang), Clock())
    await _first_contact(bot, told, address=Address("bare", "warming_up", "7001"))
    await _first_contact(bot, told, address=Address("bare", "counted", "7001"), hops=hops)


async def _first_contact(bot: Bot, told: script.Script, *, address: Address, hops: Hops | None = None) -> None:
    """From the first word to the press that books, for a paper of its own."""
    stage = BareStage(bot, address)
    world = World(bot, stage, told.lang)
    for line in told.lines:
        word, _space, text = line.partition(" ")
        if hops is not None:
            if word == "given":  # the desk stands already
                continue
            if text == NUMBER:
                text = ANOTHER_NUMBER
            if text == BOOKS:
                stage.exchanges = cast(Exchanges, Counted(stage.exchanges, hops))
        if word in (">", "given"):
            await perform(world, stage, word, text.strip())
        if text == BOOKS:
            return


async def arrival(storage: Storage, hops: Hops) -> None:
    """Record an appointment of the day, of somebody without wishes, as arrived by a plain form."""
    async with opened_site(storage) as site:
        browser = await site.signed_in("clerk")
        with hops.counting():
            answer = await browser.post(f"/today/{site.world.appointments[3]}", {"do": "arrive"})
        assert answer.status_code == 303, answer.text


async def hops_of(scene: Callable[[Storage, Hops], Awaitable[None]], *, database_url: str) -> Hops:
    """What is passed through in this scene, over an empty database."""
    hops = Hops()
    with hops.watching():
        async with Storage(database_url, keys=KEYS) as storage:
            await scene(storage, hops)
    return hops


def main() -> None:
    """Print both, with what is entered most often where `-v` is given."""
    for scene in (booking_tap, arrival):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/hops.sqlite3"
            upgrade(url, keys=KEYS)
            hops = asyncio.run(hops_of(scene, database_url=url))
        sys.stdout.write(f"{scene.__name__}: {hops.files} files, {hops.number} calls, {hops.statements} statements\n")
        if "-v" in sys.argv:
            for (file, name), count in sorted(hops.calls.items()):
                sys.stdout.write(f"  {count:4} {file} {name}\n")


if __name__ == "__main__":
    main()
