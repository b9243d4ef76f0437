"""Tables are written anew only when nobody is left who could see the old rows: those would stay in the files."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import create_async_engine

from desk.storage.engine import Storage
from desk.storage.scrubbing import SAMPLES, scrub

pytestmark = pytest.mark.postgres

TABLE = "VACUUM (FULL, ANALYZE) events"


class Reader:
    """Reads in a transaction of its own for half a second, as PostgreSQL's sampler does before it takes a lock."""

    def __init__(self, url: str) -> None:
        self.has_ended = False
        self._url, self._reads = url, threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._read()))

    def begin(self) -> None:
        self._thread.start()
        assert self._reads.wait(30)

    def join(self) -> None:
        self._thread.join()

    async def _read(self) -> None:
        engine = create_async_engine(self._url)
        async with engine.begin() as connection:
            await connection.exec_driver_sql("SELECT count(*) FROM offices")
            self._reads.set()
            await asyncio.sleep(0.5)
            self.has_ended = True
        await engine.dispose()


@pytest.mark.parametrize("statement", [TABLE, SAMPLES])
async def test_who_began_before_a_table_is_written_anew_is_waited_for(
    storage: Storage, database_url: str, statement: str
) -> None:
    reader, waited = Reader(database_url), []

    def before(_connection: object, _cursor: object, said: str, *_rest: object) -> None:
        if said == statement:
            waited.append(reader.has_ended)

    def after(_connection: object, _cursor: object, said: str, *_rest: object) -> None:
        if said == TABLE and statement == SAMPLES:
            reader.begin()

    event.listen(storage.engine.sync_engine, "before_cursor_execute", before)
    event.listen(storage.engine.sync_engine, "after_cursor_execute", after)
    if statement == TABLE:
        reader.begin()
    async with storage.engine.connect() as connection:
        await connection.run_sync(scrub, ["events"])
    reader.join()
    assert waited == [True]
