"""Brings a database to the present schema, and reads the revision it stands at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from desk.storage.engine import SERVER_SETTINGS, sqlite_engine

# Alembic is imported where it is used: a start whose database is up to date does without it.
if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")
SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x6D697A62616E
"""The advisory lock on PostgreSQL by which two starting processes migrate one after the other."""


def configuration(connection: Connection) -> Config:
    """Alembic's settings; they are here instead of in an ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision this code needs: the number that the file of the newest migration begins with."""
    return max(file.name.partition("_")[0] for file in (SCRIPTS / "versions").glob("[0-9]*_*.py"))


def upgrade(url: str, *, revision: str = "head") -> None:
    """Run every missing migration. Blocking; call it from a thread when an event loop is running."""
    from alembic import command

    def run(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        command.upgrade(configuration(connection), revision)

    _connected(url, run)


def downgrade(url: str, *, revision: str) -> None:
    """Step back to `revision`; for tests of the migrations, never part of an update."""
    from alembic import command

    _connected(url, lambda connection: command.downgrade(configuration(connection), revision))


def current(url: str) -> str | None:
    """The revision the database stands at; None = empty."""
    from alembic.runtime.migration import MigrationContext

    # Opened like the service's connections, so that a pooler that refuses them is reported before anything starts.
    return _connected(
        url, lambda connection: MigrationContext.configure(connection).get_current_revision(), settings=SERVER_SETTINGS
    )


def _connected(url: str, work: Callable[[Connection], T], *, settings: Mapping[str, str] | None = None) -> T:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sqlite_engine(parsed, begin="BEGIN IMMEDIATE")
        try:
            with engine.begin() as connection:
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
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
