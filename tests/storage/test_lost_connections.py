"""A connection that the server has dropped costs nothing but a second try."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from desk.storage.engine import Storage
from tests.keys import KEYS

pytestmark = pytest.mark.postgres

END_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def provinces(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM provinces")).scalar_one())


def add_one(session: Session) -> None:
    session.execute(text("INSERT INTO provinces (code, name) VALUES ('IR-30', '{}')"))


async def drop_connections(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS, pool_size=1) as another:
        await another.read(lambda session: session.execute(END_OTHERS).all())


async def test_reading_goes_on(storage: Storage, database_url: str) -> None:
    await storage.read(provinces)
    await drop_connections(database_url)
    assert await storage.read(provinces) == 0


async def test_writing_goes_on_and_writes_once(storage: Storage, database_url: str) -> None:
    await storage.read(provinces)
    await drop_connections(database_url)
    await storage.write(add_one)
    assert await storage.read(provinces) == 1
