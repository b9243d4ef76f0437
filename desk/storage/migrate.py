"""Brings a database to the present schema, and reads the revision it stands at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from desk.storage.encryption import Keys
from desk.storage.engine import SERVER_SETTINGS, sqlite_engine
from desk.storage.scrubbing import driver_of, sample_nothing, scrub

# Alembic is imported where it is used: a start whose database is up to date does without it.
if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
Fill: TypeAlias = Callable[[Connection, Keys, int], int]
"""Writes at most so many rows anew and returns how many that were; 0 = none is left."""
BATCH = 1000
"""Rows of one transaction."""
SCRIPTS = Path(__file__).parent / "migrations"
LOCK, PAUSE = 0x6D697A62616E, 0.1
"""The advisory lock on PostgreSQL by which two starting processes migrate one after the other, and the seconds between
two tries for it."""


def configuration(connection: Connection, *, keys: Keys) -> Config:
    """Alembic's settings; they are here instead of in an ini file. Migrations find the keys by `keys_here`."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    config.attributes["keys"] = keys
    return config


def head() -> str:
    """The revision this code needs: the number that the file of the newest migration begins with."""
    return max(file.name.partition("_")[0] for file in (SCRIPTS / "versions").glob("[0-9]*_*.py"))


def keys_here() -> Keys:
    """The keys, for a migration that is running."""
    from alembic import op

    config = op.get_context().config
    if config is None:
        raise RuntimeError("No migration is running.")
    keys: Keys = config.attributes["keys"]
    return keys


def upgrade(url: str, *, keys: Keys, revision: str = "head", told: Callable[[str], None] = lambda line: None) -> None:
    """Run every missing migration; `told` hears how far a long one is. Blocking: call it from a thread in a loop.

    A migration with a function `fill` is followed by its batches, each in a transaction of its own, and then the tables
    that it names as REWRITTEN are written anew, so that nothing of the old values is left in the files. Whatever breaks
    off goes on at the next call.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    def run(connection: Connection) -> None:
        config = configuration(connection, keys=keys)
        scripts = ScriptDirectory.from_config(config)
        target = str(scripts.as_revision_number(revision))
        stood = _now_at(connection)
        for script in reversed(list(scripts.walk_revisions("base", target))):
            fill: Fill | None = getattr(script.module, "fill", None)
            if (stood or "") <= script.revision and (fill or script.revision == target):
                with _alone(connection):
                    if (_revision(connection) or "") < script.revision:
                        command.upgrade(config, script.revision)
                if fill and stood:  # a new database has nothing to fill
                    for done in _batches(connection, fill, keys=keys):
                        told(f"Revision {script.revision}: {done:,} rows written anew")
                    scrub(connection, script.module.REWRITTEN)
        sample_nothing(connection)

    _connected(url, run)


def downgrade(url: str, *, keys: Keys, revision: str) -> None:
    """Step back to `revision`; for tests of the migrations, never part of an update."""
    from alembic import command

    def run(connection: Connection) -> None:
        with _alone(connection):
            command.downgrade(configuration(connection, keys=keys), revision)

    _connected(url, run)


def _batches(connection: Connection, fill: Fill, *, keys: Keys) -> Iterator[int]:
    """Run the batches of a migration until none is left; yields how many rows are done after each."""
    done, batch = 0, 1
    while batch:
        with _alone(connection):
            batch = fill(connection, keys, BATCH)
        if batch:
            done += batch
            yield done


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """A transaction that waits for another starting process; what that one did is seen afterwards."""
    with _locked(connection):
        yield
        if connection.dialect.name == "sqlite" and (
            lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        ):
            raise RuntimeError(f"Rows would point to nothing: {sorted({(row[0], row[2]) for row in lost})}.")


@contextmanager
def _locked(connection: Connection) -> Iterator[None]:
    """A transaction that holds the lock; who waits for it holds none open, which `scrub` would have to wait for."""
    if connection.dialect.name == "sqlite":
        with connection.begin():
            yield
        return
    while True:
        with connection.begin():
            if connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({LOCK})").scalar_one():
                yield
                return
        time.sleep(PAUSE)


def _now_at(connection: Connection) -> str | None:
    with connection.begin():
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def current(url: str) -> str | None:
    """The revision the database stands at; None = empty."""
    # Opened like the service's connections, so that a pooler that refuses them is reported before anything starts.
    return _connected(url, _now_at, settings=SERVER_SETTINGS)


def _connected(url: str, work: Callable[[Connection], T], *, settings: Mapping[str, str] | None = None) -> T:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sqlite_engine(parsed, begin="BEGIN IMMEDIATE")
        try:
            with engine.connect() as connection:
                # A table that others point to is changed by copying it; each step looks whether all still fits.
                driver = driver_of(connection)
                for pragma in ("secure_delete=ON", "foreign_keys=OFF"):
                    driver.execute(f"PRAGMA {pragma}").fetchall()
                return work(connection)
        finally:
            engine.dispose()
    return asyncio.run(_connected_there(url, work, settings or {}))


async def _connected_there(url: str, work: Callable[[Connection], T], settings: Mapping[str, str]) -> T:
    engine = create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        poolclass=NullPool,
        connect_args={"server_settings": settings},
    )
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
