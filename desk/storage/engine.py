"""The only access to the database: `read` and `write` run plain functions in a transaction on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from desk.storage.base import KEYS, ReadSession, WriteSession
from desk.storage.encryption import Keys
from desk.storage.signals import Signals, called

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 3
SERVER_SETTINGS = {
    "lock_timeout": "3000",
    "statement_timeout": "5000",
    "idle_in_transaction_session_timeout": "10000",
}
"""Settings of each connection to PostgreSQL, in milliseconds; a pooler has to allow them."""
RETRIED_STATES = {"40001", "40P01"}
"""Serialization failure and deadlock: the whole transaction was rolled back, so running the function again is safe."""


def sqlite_engine(url: str | URL, *, begin: str) -> Engine:
    """A synchronous SQLite engine whose every transaction starts with `begin` (BEGIN or BEGIN IMMEDIATE)."""
    engine = create_engine(
        make_url(url).set(drivername="sqlite+pysqlite"),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False, "isolation_level": None},
        hide_parameters=True,  # errors are logged, and what people wrote must not be
    )
    _prepare_sqlite(engine, begin=begin)
    return engine


def _prepare_sqlite(engine: Engine, *, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def pragmas(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: object) -> None:
        connection.exec_driver_sql(begin)  # type: ignore[attr-defined]  # the event passes a Connection typed as object


class Storage:
    """The database: `read` and `write`.

    SQLite: reads on several aiosqlite connections, writes one at a time in one thread (`BEGIN IMMEDIATE`,
    synchronous=FULL). PostgreSQL: both through asyncpg, in parallel. A function given to `write` may run again after a
    deadlock, so it must have no effects outside of its session. Each session carries `keys`.
    """

    def __init__(self, url: str, *, keys: Keys, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self._carried = {KEYS: keys}
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._pool_size = pool_size
        self.signals = Signals()
        self._subscribers: dict[str, list[Callable[[], None]]] = defaultdict(list)
        self._writer: Engine | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._engine: AsyncEngine | None = None
        self._reader: AsyncEngine | None = None

    async def start(self) -> None:
        """Open the engines; no table is read."""
        if self.is_sqlite:
            self._engine = create_async_engine(
                self.url.set(drivername="sqlite+aiosqlite"),
                pool_size=min(self._pool_size, 4),
                connect_args={"isolation_level": None},
                hide_parameters=True,
            )
            _prepare_sqlite(self._engine.sync_engine, begin="BEGIN")
            self._reader = self._engine
            self._writer = sqlite_engine(self.url, begin="BEGIN IMMEDIATE")
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-writer")
        else:
            self._engine = create_async_engine(
                self.url.set(drivername="postgresql+asyncpg"),
                pool_size=self._pool_size,
                max_overflow=self._pool_size,
                hide_parameters=True,
                connect_args={"server_settings": SERVER_SETTINGS},
            )
            # The same connections; BEGIN alone gives a consistent snapshot on SQLite.
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def stop(self) -> None:
        """Close every connection; the storage can be started again."""
        if self._engine is not None:
            await self._engine.dispose()
        if self._thread is not None:
            self._thread.shutdown(wait=True)
        if self._writer is not None:
            self._writer.dispose()
        self._engine = self._reader = self._writer = self._thread = None

    async def __aenter__(self) -> Storage:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def subscribe(self, topic: str, callback: Callable[[], None]) -> None:
        """Call `callback` in the event loop after each commit that announced `topic`."""
        self._subscribers[topic].append(callback)

    @property
    def engine(self) -> AsyncEngine:
        """The asynchronous engine, for counting statements in tests and for health checks."""
        return _started(self._engine)

    async def read(self, query: Callable[Concatenate[ReadSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `query(session, …)` in one snapshot; nothing it changes is kept."""
        try:
            return await self._read(lambda session: query(session, *args, **kwargs))
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await self._read(lambda session: query(session, *args, **kwargs))  # on a fresh connection

    async def _read(self, look: Callable[[ReadSession], T]) -> T:
        def run(connection: Connection) -> T:
            with ReadSession(connection, autoflush=False, expire_on_commit=False, info=self._carried) as session:
                return look(session)

        async with _started(self._reader).connect() as connection:
            return await connection.run_sync(run)

    async def write(self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `action(session, …)` in one write transaction and commit it; any exception rolls all of it back."""
        if self._writer is not None and self._thread is not None:
            loop = asyncio.get_running_loop()
            run = copy_context().run  # the writer thread shares the caller's context variables
            result, told = await loop.run_in_executor(
                self._thread, run, self._write_here, lambda session: action(session, *args, **kwargs)
            )
        else:
            result, told = await self._write_there(lambda session: action(session, *args, **kwargs))
        for topic in told.topics:
            for callback in self._subscribers[topic]:
                called(callback)
        self.signals.tell(told.changes)
        return result

    def _write_here(self, work: Callable[[WriteSession], T]) -> tuple[T, WriteSession]:
        with WriteSession(self._writer, expire_on_commit=False, info=self._carried) as session, session.begin():
            result = work(session)
            session.flush()
        return result, session

    async def _write_there(self, work: Callable[[WriteSession], T]) -> tuple[T, WriteSession]:
        is_committing = False

        def run(connection: Connection) -> tuple[T, WriteSession]:
            nonlocal is_committing
            with WriteSession(connection, expire_on_commit=False, info=self._carried) as session, session.begin():
                result = work(session)
                session.flush()
                is_committing = True
            return result, session

        for attempt in range(1, ATTEMPTS + 1):
            is_committing = False
            try:
                # Not AsyncSession: it switches between the async and the sync side for each of begin, work and commit.
                async with self.engine.connect() as connection:
                    return await connection.run_sync(run)
            except DBAPIError as error:
                # A connection lost before COMMIT was sent has committed nothing; after that, nobody knows.
                is_safe = _sqlstate(error) in RETRIED_STATES or (error.connection_invalidated and not is_committing)
                if attempt == ATTEMPTS or not is_safe:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")


def _started(engine: AsyncEngine | None) -> AsyncEngine:
    if engine is None:
        raise RuntimeError("The storage has not been started.")
    return engine


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
