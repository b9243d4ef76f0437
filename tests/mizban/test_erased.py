"""A restored back-up brings nobody back who erased their data since: what was erased stands outside of the database."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import delete, make_url, select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.appointments.privacy import forget_names
from desk.calendar import local_day_of
from desk.cases.models import Case
from desk.cases.privacy import forget_closed
from desk.clock import now as wall_now
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.people import actions as people
from desk.people.models import KnownPerson
from desk.schema import metadata
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.tombstones import queries as tombstones
from desk.tombstones.rules import Line
from desk.verify import verify
from mizban.erased import ErasedWriter, Unfit, file_of, lines_of, require_fitting, write
from mizban.erasing_again import Chosen, catch_up, choose, install, state_of
from mizban.keys import load_keys
from mizban.process import ProcessRole, serve
from mizban.settings import InstalledSettings, Settings
from mizban.troubles import Trouble
from tests.makers import NOW, TODAY, make_appointment, make_conversation, make_person, make_slot
from tests.makers_cases import file_complaint
from tests.mizban.conftest import Mizban
from tests.sealed import opened
from tests.transcripts.stage import Clock

if TYPE_CHECKING:
    from tests.postgres import TestPostgres

T = TypeVar("T")

SECRET = SecretStr("a-secret-key-of-the-tests-that-is-long")
ERASED, LISTED, STAYS = "Zarghunadokht", "Morwaridak", "Palwashanai"
SAID, EMPTIED = "the man at the fourth window", "the lamp in the corridor"
NAMES = (ERASED, LISTED, STAYS, SAID, EMPTIED)


@dataclass(frozen=True)
class Lives:
    """Chats of two people; one erases everything, one takes somebody off the list."""

    leaving: int
    staying: int
    listed: int
    closed: int
    """A case that was open in the back-up."""


def lives(session: WriteSession) -> Lives:
    leaving, staying = make_conversation(session), make_conversation(session)
    make_appointment(session, conversation=leaving, person_name=ERASED)
    make_appointment(session, conversation=leaving, person_name=ERASED)
    file_complaint(session, conversation=leaving, name=ERASED, text=SAID)
    make_appointment(session, conversation=staying, person_name=STAYS)
    person = make_person(session, conversation=staying, name=LISTED)
    listed = session.scalars(select(KnownPerson.id).where(KnownPerson.person_id == person.id)).one()
    closed = file_complaint(session, conversation=staying, name=STAYS, text=EMPTIED).case_id
    return Lives(leaving.id, staying.id, listed, closed)


def leave(session: WriteSession, who: Lives) -> None:
    """What is erased after the back-up, each in its own way."""
    erase(session, actor=Actor.chat(who.leaving), now=NOW)
    people.forget(session, actor=Actor.chat(who.staying), known_id=who.listed, now=NOW)
    session.get_one(Case, who.closed).closed_at = NOW
    session.flush()
    assert forget_closed(session, before=NOW + timedelta(seconds=1), limit=9) == 1


def found(session: WriteSession) -> set[str]:
    """Which of the names stand anywhere in the database, decrypted."""
    rows = (
        str(opened(session.keys, table.name, dict(row)))
        for table in metadata().sorted_tables
        for row in session.execute(table.select()).mappings()
    )
    told = "\n".join(rows)
    return {name for name in NAMES if name in told}


@dataclass
class Installation:
    """A home folder and a database, of which copies can be put back."""

    settings: Settings
    copied: Callable[[], Callable[[], None]]
    """Takes a copy, while nobody has the database open; what it returns puts the copy back."""

    def work(self, task: Callable[[Storage], Awaitable[T]]) -> T:
        async def run() -> T:
            async with Storage(self.settings.database, keys=load_keys(self.settings)) as storage:
                return await task(storage)

        return asyncio.run(run())

    def write(self, action: Callable[[WriteSession], T]) -> T:
        return self.work(lambda storage: storage.write(action))

    def flush(self) -> int:
        return self.work(lambda storage: ErasedWriter(storage, file_of(self.settings), Clock()).run())

    def erase_again(self) -> Chosen:
        async def run(storage: Storage) -> Chosen:
            known, since = await storage.read(state_of)
            chosen = choose(self.settings, given=None, known=known, since=since, without=False)
            install(self.settings, chosen)
            await catch_up(storage, settings=self.settings, chosen=chosen, clock=Clock())
            return chosen

        return self.work(run)

    def starts(self) -> None:
        self.write(lambda session: require_fitting(session, path=file_of(self.settings), writes=True))


@pytest.fixture
def installation(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Installation:
    settings = InstalledSettings(
        home=tmp_path / "home",
        database_url=database_url,
        secret_key=SECRET,
    )

    def copied_file() -> Callable[[], None]:
        path = Path(database_url.removeprefix("sqlite:///"))
        copy = path.with_name("copy")
        shutil.copyfile(path, copy)

        def back() -> None:
            path.with_name(path.name + "-wal").unlink(missing_ok=True)
            shutil.copyfile(copy, path)

        return back

    def copied_there() -> Callable[[], None]:
        server: TestPostgres = request.getfixturevalue("postgres")
        copy = server.create_database(like=database_url)

        def back() -> None:
            server.drop_database(database_url)
            name, of = (make_url(url).database for url in (database_url, copy))
            server.run(f'CREATE DATABASE "{name}" TEMPLATE "{of}"')

        return back

    return Installation(settings, copied_file if database_url.startswith("sqlite") else copied_there)


def test_what_was_erased_after_the_copy_is_erased_again(installation: Installation) -> None:
    who = installation.write(lives)
    installation.flush()
    put_back = installation.copied()
    installation.write(lambda session: leave(session, who))
    assert installation.write(found) == {STAYS}
    installation.flush()
    lines = lines_of(file_of(installation.settings))
    assert all(str(each) not in file_of(installation.settings).read_text() for each in (who.leaving, who.listed))

    put_back()
    assert installation.write(found) == set(NAMES), "the copy has them all"
    with pytest.raises(Unfit, match="erase-again"):
        installation.starts()
    with pytest.raises(Unfit, match="restored"):
        installation.write(lambda session: write(session, path=file_of(installation.settings), today=TODAY))
    assert lines_of(file_of(installation.settings)) == lines
    installation.erase_again()
    assert installation.write(found) == {STAYS}
    installation.starts()

    def sound(session: WriteSession) -> None:
        assert verify(session) == []
        assert tombstones.waiting(session) == []
        assert session.scalars(select(Conversation.id)).all() == [who.staying]
        assert len(session.scalars(select(Appointment.id)).all()) == 3, "the counts are kept"

    installation.write(sound)
    assert not installation.erase_again().lines, "twice is the same as once"


def test_what_is_past_its_period_when_it_comes_back_is_forgotten_at_once(installation: Installation) -> None:
    """No tombstone tells of a name whose period was over: the jobs that forget run before anybody reads it."""

    def long_ago(session: WriteSession) -> None:
        slot = make_slot(session, starts_at=NOW - timedelta(days=40))
        make_appointment(session, slot=slot, conversation=make_conversation(session), person_name=ERASED)
        session.execute(delete(KnownPerson))

    installation.write(long_ago)
    installation.flush()
    put_back = installation.copied()
    assert installation.write(lambda session: forget_names(session, before=NOW - timedelta(days=30), limit=9)) == 1
    put_back()
    assert installation.write(found) == {ERASED}
    installation.erase_again()
    assert installation.write(found) == set()


def test_after_a_change_of_the_key_it_is_known_what_was_erased(installation: Installation) -> None:
    who = installation.write(lives)
    installation.flush()
    put_back = installation.copied()
    installation.write(lambda session: erase(session, actor=Actor.chat(who.leaving), now=NOW))
    installation.flush()
    put_back()
    old = installation.settings.secret_key
    changed = installation.settings.model_copy(update={"secret_key": SecretStr("another-secret-key-of-the-tests-long")})
    installation.settings = changed
    with pytest.raises(Trouble, match="secret key"):
        installation.erase_again()
    installation.settings = changed.model_copy(update={"old_secret_keys": old})
    installation.erase_again()
    assert not {ERASED, SAID} & installation.write(found)


def marks_of(lines: list[Line]) -> list[str]:
    return sorted(line.mark for line in lines)


@pytest.mark.parametrize("at", ["before the commit", "within a line"])
def test_a_crash_between_the_database_and_the_file_loses_none_and_writes_none_twice(
    installation: Installation, at: str
) -> None:
    who = installation.write(lives)
    installation.flush()
    begun = len(lines_of(file_of(installation.settings)))
    installation.write(lambda session: leave(session, who))

    def killed(session: WriteSession) -> None:
        write(session, path=file_of(installation.settings), today=TODAY)
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        installation.write(killed)
    written = lines_of(file_of(installation.settings))
    assert len(written) > begun + 3
    if at == "within a line":
        file = file_of(installation.settings)
        file.write_bytes(file.read_bytes()[:-60])
    installation.starts()
    installation.flush()
    assert sorted(line.mark for line in lines_of(file_of(installation.settings))) == sorted(
        line.mark for line in written
    )
    assert installation.write(tombstones.waiting) == []
    installation.starts()


async def test_two_processes_write_one_whole_file(storage: Storage, database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "home" / "erased"
    chats = [await storage.write(lambda session: make_conversation(session).id) for _ in range(6)]
    async with Storage(database_url, keys=storage._carried["keys"]) as other:

        async def leaves(by: Storage, chat: int) -> None:
            await by.write(erase, actor=Actor.chat(chat), now=NOW)
            await ErasedWriter(by, path, Clock()).run()

        await asyncio.gather(*(leaves((storage, other)[number % 2], chat) for number, chat in enumerate(chats)))
    assert len(lines_of(path)) == 1 + len(chats)
    assert await storage.read(tombstones.known) == lines_of(path)[-1].known


def no_copies() -> Callable[[], None]:
    raise AssertionError("there are none")


@pytest.fixture
def lived(kept: Mizban, home: Path, tmp_path: Path) -> Lives:
    """Two people in the installation, of which there is a back-up, and what they erased afterwards."""
    here = Installation(InstalledSettings(home=home), no_copies)
    who = here.write(lives)
    assert kept("backup", "--plain", str(tmp_path / "copy.tar.gz")).code == 0
    here.write(lambda session: leave(session, who))
    return who


def names_in(home: Path) -> set[str]:
    return Installation(InstalledSettings(home=home), no_copies).write(found)


def test_a_restore_brings_nobody_back(kept: Mizban, home: Path, tmp_path: Path, lived: Lives) -> None:
    """What was erased within the last seconds waits in the database that is moved aside: it counts too."""
    assert names_in(home) == {STAYS}
    told = kept("restore", str(tmp_path / "copy.tar.gz"), "--force")
    assert told.code == 0, told.err
    assert names_in(home) == {STAYS}
    assert "erased again" in told.out


def test_on_a_new_machine_a_restore_demands_the_newest_copy(
    kept: Mizban, home: Path, tmp_path: Path, lived: Lives
) -> None:
    early, late = tmp_path / "early.jsonl", tmp_path / "late.jsonl"
    shutil.copy(home / "erased", early)
    assert Installation(InstalledSettings(home=home), no_copies).flush() > 3
    assert kept("backup", "--plain", str(tmp_path / "later.tar.gz")).code == 0
    assert kept("log", "export", str(late)).code == 0
    for file in (home / "mizban.sqlite3", home / "erased"):
        file.unlink()
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    told = kept("restore", str(tmp_path / "copy.tar.gz"))
    assert told.code == 2
    assert "There is no file that tells what was erased since" in told.err
    assert "--without-erased" in told.err
    assert f"{local_day_of(wall_now()).date} on may be in it again" in told.err, "the day of the back-up"
    later = kept("restore", str(tmp_path / "later.tar.gz"), "--erased", str(early))
    assert later.code == 2
    assert "older than this database" in later.err
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before, "nothing was touched"
    told = kept("restore", str(tmp_path / "copy.tar.gz"), "--erased", str(late))
    assert told.code == 0, told.err
    assert names_in(home) == {STAYS}
    assert kept("verify").code == 0


def test_without_a_copy_it_goes_on_when_that_is_said(kept: Mizban, home: Path, tmp_path: Path, lived: Lives) -> None:
    (home / "erased").unlink()
    (home / "mizban.sqlite3").unlink()
    told = kept("restore", str(tmp_path / "copy.tar.gz"), "--without-erased")
    assert told.code == 0, told.err
    assert "may be in it again" in told.out
    assert names_in(home) == set(NAMES)
    here = Installation(InstalledSettings(home=home), no_copies)
    here.starts()
    here.write(lambda session: erase(session, actor=Actor.chat(lived.leaving), now=NOW))
    assert here.flush() > 0, "the file goes on"


def test_another_installations_file_is_refused(
    kept: Mizban, home: Path, tmp_path: Path, lived: Lives, sqlite_template: Path
) -> None:
    (home / "mizban.sqlite3").unlink()
    other = tmp_path / "other"
    shutil.copyfile(sqlite_template, tmp_path / "other.sqlite3")
    address = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    there = Installation(InstalledSettings(home=other, database_url=address), no_copies)
    there.flush()
    shutil.copy(other / "erased", home / "erased")
    told = kept("restore", str(tmp_path / "copy.tar.gz"))
    assert told.code == 2
    assert "does not belong" in told.err


@pytest_asyncio.fixture
async def restored(database_url: str, tmp_path: Path) -> AsyncIterator[Settings]:
    """A database that knows less than the file beside it."""
    settings = InstalledSettings(
        home=tmp_path / "home",
        database_url=database_url,
        secret_key=SECRET,
    )

    def undone(session: WriteSession) -> None:
        erase(session, actor=Actor.chat(chat), now=NOW)
        write(session, path=file_of(settings), today=TODAY)
        raise KeyboardInterrupt

    async with Storage(database_url, keys=load_keys(settings)) as written:
        chat = await written.write(lambda session: make_conversation(session).id)
        await ErasedWriter(written, file_of(settings), Clock()).run()
        with suppress(KeyboardInterrupt):
            await written.write(undone)
    yield settings


@pytest.mark.sqlite
async def test_a_restored_database_is_not_started(restored: Settings) -> None:
    with pytest.raises(Unfit, match="mizban erase-again"):
        await serve(restored, ProcessRole.WORKER)
