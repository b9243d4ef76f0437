"""Fixtures every test may ask for: a migrated database of each kind, storage over it, no network but this machine."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from tests import own_logs, weak_hashes
from tests.keys import KEYS
from tests.network import loopback_only, one_trust_store

if TYPE_CHECKING:
    from desk.storage.base import WriteSession
    from desk.storage.engine import Storage
    from tests.postgres import TestPostgres
    from tests.prepared import Filling, PreparedDatabases, PreparedFiles

# The database is imported inside the fixtures: tests of plain rules should not pay for it.

DATABASES = ("sqlite", "postgres")
HOLDS = pytest.StashKey[object]()
"""What the filling of a test's database has returned."""

MEMORY = Path("/dev/shm")  # noqa: S108  # a folder in memory that every Linux has; pytest makes its own below it
ROOM = 4 * 2**30
"""Bytes that have to be free there."""
PATIENCE = "120000"
"""Milliseconds within which PostgreSQL has to answer a test."""

# Nothing is asserted about the wall clock: the machine of a test may be busy.
# The same examples in each run: what fails then is a change, not chance. `--hypothesis-profile explore` draws new ones.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same examples", settings.get_profile("explore"), derandomize=True)
settings.load_profile("same examples")


def pytest_configure() -> None:
    """Stretch hashes as cheaply as can be, and keep the files of the tests in memory where there is room.

    Each commit of SQLite waits for the disk.

    What tests show of a crash they show by ending processes, which memory outlives as a disk does. TMPDIR set by
    hand stands. The workers of a run inherit it.
    """
    weak_hashes.use()
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # asked for before, it would be remembered
    _hash_cheaply()
    own_logs.remember_no_logger()


def _hash_cheaply() -> None:
    """Take the cheapest hash of passwords: the real one costs 50 ms and 64 MiB each time, on purpose."""
    from argon2 import PasswordHasher

    from desk.staff import passwords

    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


LONGEST = ("faults", "walker")
"""Folders whose single tests take half a minute and more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: the run shall not end with one worker at work and the others without any."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Where tests use the database at all, let them share the statements that were compiled.

    What has been loaded until now stays to the end, so the collector need not look at it again and again.
    """
    if "sqlalchemy" in sys.modules:
        from tests.compiled_once import share_compiled_statements

        share_compiled_statements()
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches `database_url` runs on both databases, unless its marker names one."""
    if "database_url" in metafunc.fixturenames:
        named = [kind for kind in DATABASES if metafunc.definition.get_closest_marker(kind)]
        metafunc.parametrize("database_url", named or DATABASES, indirect=True)


@pytest.fixture(scope="session", autouse=True)
def _no_outside_network() -> Iterator[None]:
    with loopback_only(), one_trust_store():
        yield


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    with own_logs.as_they_were():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[TestPostgres]:
    """The PostgreSQL of this test run, shared by its workers."""
    from desk.storage.migrate import upgrade
    from tests.postgres import TestPostgres

    server = TestPostgres(migrate=partial(upgrade, keys=KEYS))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[TestPostgres]:
    """A PostgreSQL whose commits reach the disk, for tests that kill processes."""
    from desk.storage.migrate import upgrade
    from tests.postgres import TestPostgres

    server = TestPostgres(migrate=partial(upgrade, keys=KEYS), durable=True)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; copy it, never open it."""
    from desk.storage.migrate import upgrade
    from tests.prepared import whole

    path = tmp_path_factory.mktemp("template") / "mizban.sqlite3"
    upgrade(f"sqlite:///{path}", keys=KEYS)
    whole(path)
    return path


@pytest.fixture(scope="session")
def prepared_files(sqlite_template: Path) -> PreparedFiles:
    """The filled SQLite files of this worker."""
    from tests.prepared import PreparedFiles

    return PreparedFiles(sqlite_template)


@pytest.fixture(scope="session")
def prepared_databases(postgres: TestPostgres) -> PreparedDatabases:
    """The filled databases of this worker."""
    from tests.prepared import PreparedDatabases

    return PreparedDatabases(postgres)


@pytest.fixture
def filling() -> Filling | None:
    """What fills `database_url` before the test: nothing. Folders and files say otherwise."""
    return None


@pytest.fixture
def holds(request: pytest.FixtureRequest, database_url: str) -> Any:
    """What the `filling` of this test's database has returned; None where there is none."""
    return request.node.stash.get(HOLDS, None)


@pytest.fixture
def sqlite_path(sqlite_template: Path, tmp_path: Path) -> Path:
    """This test's own SQLite file, with all tables and no row."""
    return Path(shutil.copyfile(sqlite_template, tmp_path / "mizban.sqlite3"))


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, filling: Filling | None
) -> Iterator[str]:
    """The URL of a migrated database of this test's own, empty unless the test has a `filling`.

    The test runs once for each kind of database.
    """
    if request.param == "sqlite":
        path: Path = request.getfixturevalue("sqlite_path")
        if filling is not None:
            files: PreparedFiles = request.getfixturevalue("prepared_files")
            request.node.stash[HOLDS] = files.copy(filling, path)
        yield f"sqlite:///{path}"
        return
    from desk.storage.engine import SERVER_SETTINGS

    for name in SERVER_SETTINGS:  # how long a statement waits for others is no matter of a busy machine
        monkeypatch.setitem(SERVER_SETTINGS, name, PATIENCE)
    durable = request.node.get_closest_marker("durable")
    server: TestPostgres = request.getfixturevalue("durable_postgres" if durable else "postgres")
    if filling is not None:
        databases: PreparedDatabases = request.getfixturevalue("prepared_databases")
        url, request.node.stash[HOLDS] = databases.copy(filling)
    else:
        url = server.create_database()
    yield url
    server.drop_database(url)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[None]:
    """At the end the Chromium of this worker is closed."""
    yield
    if (shared := sys.modules.get("tests.browser.chromium")) is not None:
        await shared.SHARED.end()


@pytest.fixture
def _function_scoped_runner(request: pytest.FixtureRequest, _function_scoped_runner: asyncio.Runner) -> asyncio.Runner:
    """What runs a test and its fixtures: for those of the browser the loop in which Chromium was started."""
    if request.node.get_closest_marker("browser") is None:
        return _function_scoped_runner
    request.getfixturevalue("chromium")
    runner: asyncio.Runner = request.getfixturevalue("_session_scoped_runner")
    return runner


@pytest_asyncio.fixture
async def storage(database_url: str) -> AsyncIterator[Storage]:
    """A started `Storage` over `database_url`."""
    from desk.storage.engine import Storage

    async with Storage(database_url, keys=KEYS) as started:
        yield started


@pytest.fixture
def session(sqlite_path: Path) -> Iterator[WriteSession]:
    """A plain session on SQLite inside one transaction that is rolled back: for actions and queries, with no loop."""
    from desk.storage.base import WriteSession
    from tests.sqlite_file import open_sqlite

    engine = open_sqlite(sqlite_path)
    with WriteSession(engine, info={"keys": KEYS}, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    engine.dispose()
