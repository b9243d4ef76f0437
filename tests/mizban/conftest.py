"""An installation of this test's own: a home folder, settings in the environment, the command line to talk to."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.running.tasks import Tasks
from desk.calendar import local_day_of
from desk.capacity.actions import roll_window
from desk.capacity.models import QueueService
from desk.catalogue import queries as catalogue
from desk.seed import load
from desk.storage.base import WriteSession
from emulator import BotAccount, Emulator
from mizban.__main__ import run
from mizban.age import new_pair
from mizban.keys import load_secret
from mizban.process import ProcessRole, Running
from mizban.settings import InstalledSettings, Settings
from tests.makers import make_office, make_queue
from tests.makers_hours import make_rule


@dataclass(frozen=True)
class Told:
    """What a command answered."""

    code: int
    out: str
    err: str


Mizban = Callable[..., Told]


@pytest.fixture(scope="session")
def seeded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo in it; to be copied, never used."""
    folder = tmp_path_factory.mktemp("seeded") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in _settings():
            patch.delenv(name)
        patch.setenv("MIZBAN_HOME", str(folder))
        assert run(["seed", "--demo"]) == 0
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that is not there yet; no other setting is set."""
    for name in _settings():
        monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("MIZBAN_HOME", str(folder))
    return folder


@pytest.fixture
def mizban(home: Path, capsys: pytest.CaptureFixture[str]) -> Mizban:
    """Runs a command on that installation."""

    def command(*arguments: str) -> Told:
        capsys.readouterr()
        code = run(list(arguments))
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return command


@pytest.fixture
def seeded(mizban: Mizban, home: Path, seeded_home: Path) -> Mizban:
    """The same with the first data and the demo in it."""
    shutil.copytree(seeded_home, home)
    return mizban


@dataclass(frozen=True)
class Pair:
    """A pair of keys of age."""

    file: Path
    """Holds the private key."""
    public: str


@pytest.fixture
def keeper(tmp_path: Path) -> Pair:
    """Who keeps the exported secret."""
    return _pair(tmp_path / "keeper.key")


@pytest.fixture
def archivist(tmp_path: Path) -> Pair:
    """Who may open the back-ups."""
    return _pair(tmp_path / "archivist.key")


def _pair(file: Path) -> Pair:
    private, public = new_pair()
    file.write_text(f"# public key: {public}\n{private}\n")
    return Pair(file, public)


@pytest.fixture
def kept(seeded: Mizban, home: Path, tmp_path: Path, keeper: Pair) -> Mizban:
    """The demo's installation with its secret, which was exported to the keeper."""
    load_secret(InstalledSettings(home=home))
    assert seeded("keys", "export", keeper.public, str(tmp_path / "secret.age")).code == 0
    return seeded


def _settings() -> list[str]:
    return [name for name in os.environ if name.startswith("MIZBAN_")]


TOKENS = {"telegram": "111111:AAAA_telegram-token", "bale": "222222:BBBB_bale-token"}


@pytest_asyncio.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Both messengers."""
    accounts = [BotAccount(kind, token, username=f"{kind}_bot") for kind, token in TOKENS.items()]
    async with Emulator(bots=accounts, webhook_back_off=(0.05, 0.1)) as started:
        yield started


def settings_for(emulator: Emulator, *, home: Path, database_url: str, **others: Any) -> Settings:
    """Settings of an installation whose messengers are emulated."""
    return InstalledSettings(
        home=home,
        database_url=database_url,
        secret_key=SecretStr("a-secret-key-of-the-tests-that-is-long-enough"),
        telegram_token=SecretStr(TOKENS["telegram"]),
        telegram_api_url=emulator.url,
        bale_token=SecretStr(TOKENS["bale"]),
        bale_api_url=emulator.url,
        **others,
    )


def put_first_data_in(session: WriteSession, *, now: datetime) -> None:
    """The demo's services and offices; no staff, whose passwords take their time."""
    load(session, today=local_day_of(now).date, now=now)
    services = {row.code: row.id for row in catalogue.services(session, bookable_only=True)}
    office = make_office(session, code="72-1102", city="کرج")
    queue = make_queue(session, office=office)
    session.add(QueueService(queue_id=queue.id, service_id=services["identity-verification"]))
    for weekday in range(7):
        make_rule(session, queue=queue, weekday=weekday, opens=0, closes=24 * 60 - 15)
    roll_window(session, queue_id=queue.id, today=local_day_of(now).date, now=now)


@pytest_asyncio.fixture
async def running(
    emulator: Emulator, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    """All of Mizban in this process, with first data, talking to the emulator by long polling."""
    from mizban.parts import build

    monkeypatch.setattr("mizban.health.PATIENCE", 60.0)  # a slow database is ill, but a busy machine is no matter here
    settings = settings_for(emulator, home=tmp_path / "home", database_url=database_url)
    parts = build(settings)
    async with parts.storage, Tasks() as tasks:
        await parts.storage.write(put_first_data_in, now=parts.clock.now())
        started = Running(parts, ProcessRole.SERVE, tasks)
        bound = socket.create_server(("127.0.0.1", 0))
        bound.setblocking(False)
        await started.start(bound)
        yield started
        await started.stop()
