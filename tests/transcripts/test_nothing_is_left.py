"""After «erase my data» neither the file of the database nor its log holds a byte of what was held of the person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Session

from bot.dialogue.heard import Address
from desk.schema import metadata
from desk.storage.engine import PRAGMAS, Storage
from mizban.jobs import Jobs
from tests.keys import KEYS
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

pytestmark = pytest.mark.sqlite

CHAT = "5558671309"
NAME, NICKNAME = "Zarghunadokht", "Morwaridak"
COMPLAINT, DRAFT = "The man at the fourth window counted slowly.", "My brother waits for the stamp since Nowruz."
PLANTED = (CHAT, NAME, NICKNAME, COMPLAINT, DRAFT)
BEGIN = ("/start", "[🗓 Turn]", "[Identity check]", "[Alborz]", "[Office 72-1102]", "[✅ This is good]")
BOOK = (*BEGIN, NAME, "I have no paper", "[✅ Book the turn]", "[🏠 Main page]")
RENAME = ("/menu", "[⚙️ Settings]", "[👤 My people]", f"[{NAME}]", "[Another nickname]", NICKNAME)
COMPLAIN = ("/start", "[📣 Complain]", "[Turns and brokers]", "[Turns are sold]", "[That is enough]")
SEND = ("[💬 Say what happened]", COMPLAINT, "[✅ Send it]")
BEGUN = (*COMPLAIN, "[💬 Say what happened]", DRAFT)
ERASE = ("/menu", "[⚙️ Settings]", "[Erase my data]", "[Go on]", "[Yes, erase it all]")
LONG = 12
"""Shorter values, such as the name of a state, are in the file for other reasons."""


def values(session: Session) -> set[bytes]:
    """Every long value of every row, as it stands in the file: words, sealed values and marks."""
    found: set[bytes] = set()
    for table in metadata().sorted_tables:
        for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
            written = (value.encode() if isinstance(value, str) else value for value in row)
            found.update(value for value in written if isinstance(value, bytes) and len(value) >= LONG)
    return found


def files(path: Path) -> bytes:
    """All bytes of the database: its file, its log and the index of the log."""
    return b"\n".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))


class Person:
    """Somebody whose stored values are remembered, so that they can be looked for; `is_watched` = after each act."""

    def __init__(self, storage: Storage, *, is_watched: bool = False) -> None:
        self.storage = storage
        self.is_watched = is_watched
        self.clock = Clock()
        self.stage = BareStage(Bot(storage, language_of("en"), self.clock), Address("bare", "mizban", CHAT))
        self.held: set[bytes] = set()

    async def begin(self) -> None:
        world = World(self.stage.bot, self.stage, "en")
        await world.does("the usual desk")
        await world.does("a person who has been here before")

    async def does(self, *acts: str) -> None:
        for act in acts:
            self.clock.advance(timedelta(seconds=3))
            await (self.stage.press(act[1:-1]) if act.startswith("[") else self.stage.say(act))
            if self.is_watched:
                self.held |= await self.storage.read(values)

    async def lives(self) -> None:
        """Book an appointment, name somebody, complain, begin another complaint."""
        await self.begin()
        await self.does(*BOOK, *RENAME, *COMPLAIN, *SEND, *BEGUN)
        self.held |= await self.storage.read(values)

    async def erases(self) -> None:
        """Erase it all, and wait until the writer has done what follows."""
        await self.does(*ERASE)
        await self.storage.write(lambda session: None)


def left(path: Path, held: set[bytes], present: set[bytes]) -> list[bytes]:
    """What was held, is in no row any more, and is in the files all the same."""
    written, rows = files(path), b"\n".join(present)
    return [value for value in sorted(held) if value not in rows and value in written]


async def test_no_byte_of_what_was_held_is_in_the_files(storage: Storage, sqlite_path: Path) -> None:
    person = Person(storage, is_watched=True)
    await person.lives()
    held = person.held
    assert any(value in files(sqlite_path) for value in held), "the test looks at the wrong place"
    await person.erases()
    present = await storage.read(values)
    assert len([value for value in held if value not in present]) > 30
    assert left(sqlite_path, held, present) == []
    assert [planted for planted in PLANTED if planted.encode() in files(sqlite_path)] == []
    assert await Jobs(storage=storage, clock=person.clock).all()[0].run() == 0, "nothing is due any more"


async def test_without_overwriting_something_is_left(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: SQLite as most machines have it leaves deleted rows where they were."""
    monkeypatch.setattr("desk.storage.engine.PRAGMAS", (*PRAGMAS, "secure_delete=OFF"))
    async with Storage(f"sqlite:///{sqlite_path}", keys=KEYS) as storage:
        person = Person(storage)
        await person.lives()
        await person.erases()
        assert left(sqlite_path, person.held, await storage.read(values))


async def test_each_connection_overwrites(storage: Storage) -> None:
    def ask(session: Session) -> int:
        return int(session.execute(text("PRAGMA secure_delete")).scalar_one())

    assert [await storage.write(ask), await storage.read(ask)] == [1, 1]


async def test_where_a_reader_holds_it_back_the_job_does_it(storage: Storage, sqlite_path: Path) -> None:
    person = Person(storage)
    await person.lives()
    job = Jobs(storage=storage, clock=person.clock).all()[0]
    assert job.name == "empty_log"
    async with storage.engine.connect() as reader:
        await looks(reader)
        await person.erases()
        present = await storage.read(values)
        assert left(sqlite_path, person.held, present), "the reader still sees it, so it must be there"
        assert await job.run() == 0
    assert await job.run() == 1
    assert left(sqlite_path, person.held, present) == []
    assert await job.run() == 0


async def looks(reader: AsyncConnection) -> None:
    """Begin to read the state before."""
    assert (await reader.execute(text("SELECT count(*) FROM conversations"))).scalar_one() == 1


async def test_what_a_crash_left_in_the_log_is_asked_for_at_the_next_start(
    storage: Storage, sqlite_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Person(storage)
    await person.lives()
    with monkeypatch.context() as broken:
        broken.setattr("desk.storage.engine.empty_log", lambda connection: False)
        await person.erases()
    present = await storage.read(values)
    assert left(sqlite_path, person.held, present)
    async with Storage(str(storage.url), keys=KEYS) as again:
        assert await Jobs(storage=again, clock=person.clock).all()[0].run() == 1
    assert left(sqlite_path, person.held, present) == []
