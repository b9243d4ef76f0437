"""Twenty things that were said are in no byte of an installation, and after erasing not even with the key."""

from __future__ import annotations

import asyncio
import base64
import json
import tarfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from pydantic import SecretStr
from sqlalchemy import make_url, select, text

from backoffice.app import BackofficeSettings, create_app
from bot.dialogue.heard import Address
from desk.cases.models import Case
from desk.cases.rules import Contact
from desk.events.copying import lines
from desk.reading.folding import ascii_digits, fold
from desk.schema import metadata
from desk.staff import actions as staff_actions
from desk.staff.permissions import Role
from desk.staff.proofs import prove
from desk.storage import migrate
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from mizban.backup import DATABASE, back_up
from mizban.erased import ErasedWriter, file_of
from mizban.jobs import Jobs
from mizban.key_export import export_secret
from mizban.keys import load_keys
from mizban.settings import InstalledSettings, Settings
from tests.backoffice.conftest import IDENTITY_KEY, TEMPLATES, Browser, browser_of
from tests.makers import make_staff
from tests.makers_cases import codes
from tests.mizban.conftest import Pair
from tests.sealed import opened
from tests.server_files import contents
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.world import World

if TYPE_CHECKING:
    from tests.postgres import TestPostgres

PLANTED = {
    "chat of the person": "5558671309",
    "chat of nobody": "5553902748",
    "chat that only begins": "5556240183",
    "name at the booking": "زرغونه‌دخت",
    "number of the paper": "98765432107",
    "nickname": "مرواریدک‌جان",
    "name at the complaint": "Zadransalang",
    "complaint": "Qandaharigol",
    "telephone in danger": "701239567",
    "complaint in danger": "Ghorbandiwal",
    "question": "مهرگان‌خردان",
    "begun complaint": "Badghisawar",
    "name of a begun booking": "Nuristandokht",
    "complaint of nobody": "Helmandabrisham",
    "said more by nobody": "لاجوردینه‌پوش",
    "begun complaint of nobody": "Panjsherzamarud",
    "reply": "Takharbadam",
    "note": "Samanganpista",
    "begun reply": "Baghlanshakar",
    "word at the closing": "Kapisaangur",
}
OF_NOBODY = {"complaint of nobody", "said more by nobody"}
"""What the desk keeps of a case that leads to no chat: nobody can erase it from one."""
NEVER_KEPT = {"number of the paper"}
SECRET = SecretStr("a-secret-key-of-the-tests-that-is-long")
LOG_FILE = "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"
FOUR_SECONDS = timedelta(seconds=4)


def said(name: str) -> str:
    """A sentence with that word in it."""
    return f"It is {PLANTED[name]} as I said."


def base64_parts(word: bytes) -> Iterator[bytes]:
    """What of the word stands in a base64 text, wherever the word begins in what was encoded."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + word)
        yield whole[-(-before * 8 // 6) : (before + len(word)) * 8 // 6]


def forms(word: str) -> set[bytes]:
    """The word as it may be written: letters of several encodings, escaped, folded, as base64."""
    words = {word, word.lower(), word.upper(), fold(word), word.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))}
    found = {each.encode(encoding) for each in words for encoding in ("utf-8", "utf-16-le")}
    for each in {word, fold(word)}:
        found |= {each.encode("utf-16-be"), json.dumps(each)[1:-1].encode(), each.encode().hex().encode()}
        found |= set(base64_parts(each.encode()))
    return found


FORMS = {name: forms(word) for name, word in PLANTED.items()}


def in_bytes(contents: Iterable[bytes], words: Mapping[str, set[bytes]] = FORMS) -> set[str]:
    """Which of the planted words stand there, in whatever form."""
    left, found = dict(words), set()
    for content in contents:
        for name in [name for name, written in left.items() if any(form in content for form in written)]:
            found.add(name)
            del left[name]
    return found


def with_the_key(session: ReadSession) -> set[str]:
    """Which of them stand in any row of any table for somebody who has the key."""
    rows = (
        json.dumps([str(value) for value in opened(session.keys, table.name, dict(row)).values()], ensure_ascii=False)
        for table in metadata().sorted_tables
        for row in session.execute(table.select()).mappings()
    )
    told = "\n".join(rows)
    return {name for name, word in PLANTED.items() if word in told or fold(word) in told}


@dataclass
class Town:
    """An installation with three chats and a member of the staff at the pages."""

    settings: Settings
    storage: Storage
    clock: Clock
    code: str = ""

    def __post_init__(self) -> None:
        self.bot = Bot(self.storage, language_of("en"), self.clock)
        self.person, self.nobody, self.beginner = (
            BareStage(self.bot, Address("bare", "mizban", PLANTED[name]), updates=1000 * number)
            for number, name in enumerate(("chat of the person", "chat of nobody", "chat that only begins"))
        )
        self.jobs = Jobs(storage=self.storage, clock=self.clock)

    async def begin(self) -> None:
        for phone in (self.person, self.nobody, self.beginner):
            world = World(self.bot, phone, "en")
            if phone is self.person:
                await world.does("the usual desk")
            await world.does("a person who has been here before")

    async def does(self, phone: BareStage, *acts: str) -> str:
        """Press what stands in brackets and say the rest; the last text of the bot."""
        shown = ""
        for act in acts:
            self.clock.advance(FOUR_SECONDS)
            seen = await (phone.press(act[1:-1]) if act.startswith("[") else phone.say(act))
            shown = seen[-1].text if seen else shown
        return shown

    async def books(self) -> None:
        begin = ("/start", "[🗓 Turn]", "[Identity check]", "[Alborz]", "[Office 72-1102]", "[✅ This is good]")
        name, number = PLANTED["name at the booking"], PLANTED["number of the paper"]
        await self.does(self.person, *begin, name, "[Amayesh card]", number, "[✅ Book the turn]", "[🏠 Main page]")
        rename = ("[⚙️ Settings]", "[👤 My people]", f"[{name}]", "[Another nickname]", PLANTED["nickname"])
        await self.does(self.person, "/start", *rename)
        await self.does(self.beginner, *begin, PLANTED["name of a begun booking"])

    async def complains(self) -> None:
        by_name = ("/start", "[📣 Complain]", "[👤 How to reach me]", "[👤 With my name]")
        about = ("[Turns and brokers]", "[Turns are sold]", "[That is enough]", "[💬 Say what happened]")
        name = f"Parwin {PLANTED['name at the complaint']}"
        await self.does(self.person, *by_name, name, *about, said("complaint"), "[✅ Send it]")
        danger = ("/start", "[📣 Complain]", "[⚠️ Beating, threat, harassment]", "[Beating or violence]", "[No]")
        call = (
            "[I don't know]",
            "[today]",
            "[Somebody of the office]",
            "[Yes]",
            "[A woman]",
            f"0{PLANTED['telephone in danger']}",
        )
        await self.does(self.person, *danger, *call, said("complaint in danger"), "[✅ Send it]")
        ask = ("/start", "[💬 Ask the desk]", "[📍 Another office]", "Tehran", "[Office 21-2201]")
        await self.does(self.person, *ask, said("question"), "[✅ Send it]")
        await self.does(self.person, "/start", "[📣 Complain]", *about, said("begun complaint"))

    async def complains_as_nobody(self) -> None:
        begin = ("/menu", "[📣 Complain]", "[👤 How to reach me]", "[Nobody contacts me]", "[Turns and brokers]")
        about = ("[Turns are sold]", "[That is enough]", "[💬 Say what happened]")
        told = await self.does(self.nobody, *begin, *about, said("complaint of nobody"), "[✅ Send it]")
        lines_of_digits = (ascii_digits(line) for line in told.split("\n"))
        (self.code,) = [line for line in lines_of_digits if line.isdecimal() and len(line) == 12]
        more = ("/start", "[🔎 Follow up]", self.code, "[💬 Write more]", said("said more by nobody"), "[✅ Send it]")
        await self.does(self.nobody, *more)
        await self.does(self.nobody, *begin, *about, said("begun complaint of nobody"))
        self.clock.advance(timedelta(minutes=15))
        assert await self.jobs.run("hand_over_cases") == 2

    async def staff_work(self) -> None:
        """Answer on the pages: a note, a reply, a word at the closing, a reply that is not sent."""

        def sign_in(session: WriteSession) -> tuple[str, str, str, list[int]]:
            national = make_staff(session, role=Role.ADMINISTRATOR).id
            now = self.clock.now()
            in_open = staff_actions.open_session(session, staff_id=national, now=now)
            proof = prove(session, token_hash=in_open.staff.token_hash, now=now)
            mine = select(Case.id).where(Case.contact != Contact.NOBODY).order_by(Case.created_at)
            return in_open.token, in_open.staff.csrf_token, proof, list(session.scalars(mine))

        token, csrf, proof, cases = await self.storage.write(sign_in)
        app = create_app(
            storage=self.storage,
            templates=TEMPLATES,
            clock=self.clock,
            identity_key=IDENTITY_KEY,
            settings=BackofficeSettings(),
        )
        async with browser_of(app, "http://desk.test") as client:
            client.cookies.update({"mizban": token, "proof": proof})
            browser, case = Browser(client, csrf), f"/inbox/{cases[0]}"
            assert PLANTED["complaint"] in (await browser.get(case)).text, "staff read what was said"
            for path, form in (
                ("note", {"text": said("note")}),
                ("reply", {"text": said("reply"), "key": "k1"}),
                ("close", {"reason": "answered", "text": said("word at the closing")}),
            ):
                assert (await browser.post(f"{case}/{path}", form)).status_code < 400, path
            kept = await browser.post(f"/inbox/{cases[1]}/draft", {"kind": "reply", "text": said("begun reply")})
            assert kept.status_code < 400

    async def live(self) -> None:
        await self.begin()
        await self.books()
        await self.complains()
        await self.complains_as_nobody()
        await self.staff_work()
        self.clock.advance(timedelta(minutes=5))
        await self.jobs.run("seal_events")

    async def erase(self) -> None:
        for phone in (self.person, self.nobody, self.beginner):
            await self.does(phone, "/menu", "[⚙️ Settings]", "[Erase my data]", "[Go on]", "[Yes, erase it all]")
        await self.storage.write(lambda session: None)  # behind what empties the log
        await ErasedWriter(self.storage, file_of(self.settings), self.clock).run()
        await self.jobs.run("forget_people")


@pytest_asyncio.fixture
async def town(database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    settings = InstalledSettings(home=tmp_path / "home", database_url=database_url, secret_key=SECRET)
    async with Storage(database_url, keys=load_keys(settings)) as storage:
        yield Town(settings, storage, Clock())


@dataclass
class Files:
    """Every file in which the database of a test stands."""

    url: str
    server: TestPostgres | None
    begun: str = ""
    """The file of PostgreSQL's log in which the test began."""

    def __post_init__(self) -> None:
        if self.server is not None:
            self.begun = self.server.run(LOG_FILE)

    def of_tables(self) -> Iterator[bytes]:
        if self.server is None:
            path = Path(self.url.removeprefix("sqlite:///"))
            yield from (each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
            return
        self.server.run("CHECKPOINT")
        name = make_url(self.url).database
        oid = self.server.run(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
        yield from (held for _name, held in contents((self._data / "base" / oid).iterdir()))

    def of_logs(self) -> Iterator[bytes]:
        """What PostgreSQL writes before the tables, since the test began."""
        if self.server is not None:
            last = self.server.run(LOG_FILE)
            written = sorted((self._data / "pg_wal").iterdir())
            yield from (held for name, held in contents(written) if self.begun <= name <= last)

    def dump(self) -> Iterator[bytes]:
        if self.server is not None:
            yield self.server.dump(make_url(self.url).database or "")

    @property
    def _data(self) -> Path:
        assert self.server is not None
        return Path(self.server.run("SHOW data_directory"))


@pytest.fixture
def files(request: pytest.FixtureRequest, database_url: str) -> Files:
    is_there = not database_url.startswith("sqlite")
    return Files(database_url, request.getfixturevalue("postgres") if is_there else None)


def copies(town: Town, *, folder: Path, keeper: Pair) -> Iterator[bytes]:
    """What is carried off the machine: a back-up, the copy of the history, and what else is in the home folder."""
    if town.settings.is_sqlite:
        export_secret(town.settings, to=keeper.public, file=folder / "secret.age", now=town.clock.now())
        made = back_up(town.settings, folder / "copy.tar.gz", plain=True, now=town.clock.now())
        with tarfile.open(made) as archive:
            assert DATABASE in archive.getnames()
            yield from (member.read() for name in archive.getnames() if (member := archive.extractfile(name)))
    yield from in_home(town)


async def exported(town: Town) -> list[str]:
    found = await town.storage.read(lambda session: list(lines(session)))
    assert len(found) > 5
    return found


def in_home(town: Town) -> Iterator[bytes]:
    return (each.read_bytes() for each in town.settings.home.rglob("*") if each.is_file())


def tables_with(session: ReadSession, *, word: str) -> set[str]:
    """The columns in which this word stands, decrypted."""
    return {
        f"{table.name}.{column}"
        for table in metadata().sorted_tables
        for row in session.execute(table.select()).mappings()
        for column, value in opened(session.keys, table.name, dict(row)).items()
        if word in str(value)
    }


def sealed(session: ReadSession) -> set[bytes]:
    """Every encrypted value."""
    rows: Iterable[Mapping[str, object]] = (
        dict(row)
        for table in metadata().sorted_tables
        for row in session.execute(text(f'SELECT * FROM "{table.name}"')).mappings()
    )
    return {value for row in rows for value in row.values() if isinstance(value, bytes)}


BEFORE_ENCRYPTION = "0028"


async def of_before(town: Town, files: Files, words: Mapping[str, set[bytes]]) -> set[str]:
    """Bring the database into the state of before encryption, and back as an update does; what could be read."""
    await town.storage.stop()
    keys = load_keys(town.settings)
    await asyncio.to_thread(migrate.downgrade, files.url, keys=keys, revision=BEFORE_ENCRYPTION)
    clear = in_bytes(files.of_tables(), words)
    if files.server is not None:
        assert len(in_bytes(files.of_logs())) > 12, "the log tells it too: it is its operator's to destroy"
    await asyncio.to_thread(migrate.upgrade, files.url, keys=keys)
    await town.storage.start()
    return clear


async def test_twenty_things_are_in_no_byte_and_after_erasing_not_even_with_the_key(
    town: Town, files: Files, tmp_path: Path, keeper: Pair, capfd: pytest.CaptureFixture[str]
) -> None:
    await town.live()
    assert len(PLANTED) == 20
    assert await town.storage.read(with_the_key) == PLANTED.keys() - NEVER_KEPT, "the test plants what it looks for"
    log = "\n".join(await exported(town)).encode()
    told = capfd.readouterr()
    elsewhere = [log, told.out.encode(), told.err.encode(), *copies(town, folder=tmp_path, keeper=keeper)]
    of_cases = {code: forms(code) for code in (await town.storage.read(codes)).values()}
    assert len(of_cases) == 4
    assert town.code in of_cases
    words = FORMS | of_cases
    for each in (files.of_tables(), files.of_logs(), files.dump(), elsewhere):
        assert in_bytes(each, words) == set()
    assert await town.storage.read(tables_with, word=town.code) == {"cases.code_sealed"}

    clear = await of_before(town, files, words)
    assert clear >= of_cases.keys(), "the state of before, in which every code could be read"
    assert len(clear - of_cases.keys()) > 12, "and nearly all of the rest"
    assert in_bytes([*files.of_tables(), *files.dump()], words) == set()
    assert await town.storage.read(with_the_key) == PLANTED.keys() - NEVER_KEPT

    held = await town.storage.read(sealed)
    if files.server is not None:  # as PostgreSQL does by itself: samples would outlive the rows
        files.server.run("ANALYZE", database=make_url(files.url).database)
    await town.erase()
    assert await town.storage.read(with_the_key) == OF_NOBODY
    assert await town.storage.read(verify) == []
    gone = held - await town.storage.read(sealed)
    assert len(gone) > 20
    if files.server is not None:
        # What its operator may have done; until then nobody reads the old rows without the key.
        files.server.run("VACUUM (FULL)", database=make_url(files.url).database)
    assert [value for content in files.of_tables() for value in gone if value in content] == []
    assert in_bytes(in_home(town)) == set()
