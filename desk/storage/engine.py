"""The only access to the database: `read` and `write` run plain functions in a transaction on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from operator import methodcaller
from queue import SimpleQueue
from threading import Thread
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from desk.storage.base import KEYS, ReadSession, WriteSession
from desk.storage.days_ahead import NAME, for_sqlite
from desk.storage.encryption import Keys
from desk.storage.scrubbing import ERASED, empty_log
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
PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""What each connection to SQLite is opened with; what is deleted is overwritten with zeros."""
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
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        connection.create_function(NAME, 4, for_sqlite, deterministic=True)

    # Not by a listener of "begin": an engine that has one looks for more of them at each statement.
    engine.dialect.do_begin = methodcaller("execute", begin)  # type: ignore[assignment,method-assign]  # mypy takes it for a class


class _Job(NamedTuple):
    work: Callable[..., Any]
    args: tuple[Any, ...]
    context: Context
    loop: asyncio.AbstractEventLoop
    outcome: asyncio.Future[Any]


class SqliteWriter:
    """The only thread that writes to SQLite, over one connection that stays open.

    An executor of one thread takes twice as many calls and locks for each piece of work.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    def job(self, work: Callable[..., T], /, *args: Any) -> asyncio.Future[T]:
        """Let `work(connection, *args)` be done in the thread, with the caller's context variables.

        Work that has not begun when its outcome is cancelled is left out; what has begun is done to its end.
        """
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, args, copy_context(), loop, outcome))
        return outcome

    def close(self) -> None:
        """Do what waits, then end the thread and close the connection."""
        self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()

    def _serve(self) -> None:
        connection: Connection | None = None
        while (job := self._jobs.get()) is not None:
            result, error = None, None
            try:
                if job.outcome.cancelled():
                    continue
                if connection is None:
                    connection = self._engine.connect()
                result = job.context.run(job.work, connection, *job.args)
            except BaseException as raised:  # for the caller, as if it had done the work itself
                error = raised
                if connection is not None:  # given back, which rolls back whatever may still be open
                    with suppress(Exception):
                        connection.close()
                    connection = None
            if not job.loop.is_closed():
                job.loop.call_soon_threadsafe(_tell, job.outcome, result, error)
            del job, result, error  # what they hold would be kept until the next one
        if connection is not None:
            connection.close()


def _tell(outcome: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if outcome.cancelled():
        return
    if error is None:
        outcome.set_result(result)
    else:
        outcome.set_exception(error)


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
        self._writer: SqliteWriter | None = None
        self._engine: AsyncEngine | None = None
        self._reader: AsyncEngine | None = None
        self._log_is_due = True
        """Whether the log of SQLite may hold what was erased; a crash may have left it so."""

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
            self._writer = SqliteWriter(sqlite_engine(self.url, begin="BEGIN IMMEDIATE"))
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
        if self._writer is not None:
            self._writer.close()
        self._engine = self._reader = self._writer = None

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
        result: T
        if self._writer is not None:
            result, told = await self._writer.job(self._committed, action, args, kwargs)
        else:
            result, told = await self._write_there(action, args, kwargs)
        if ERASED in told.topics:
            self._log_is_due = True
            if self._writer is not None:
                self._writer.job(self._emptied)  # behind other writes, while the answer is already on its way
        for topic in told.topics:
            for callback in self._subscribers[topic]:
                called(callback)
        self.signals.tell(told.changes)
        return result

    def _committed(
        self,
        connection: Connection,
        action: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        begun: list[Connection] | None = None,
    ) -> tuple[T, WriteSession]:
        """Run the action and commit it; `begun` gets the connection once a commit may have been sent."""
        # The transaction is the connection's: a session that begins one itself does a hundred calls more for it.
        with WriteSession(connection, expire_on_commit=False, info=self._carried) as session, connection.begin():
            result = action(session, *args, **kwargs)
            session.flush()
            if begun is not None:
                begun.append(connection)
        return result, session

    async def empty_log(self) -> int:
        """Bring the log of SQLite into the file and empty it where something was erased; 1 = it is done, 0 = not due.

        Where a reader holds it back, it stays due. PostgreSQL keeps its log as its operator has set it.
        """
        if self._writer is None or not self._log_is_due:
            return 0
        return int(await self._writer.job(self._emptied))

    def _emptied(self, connection: Connection) -> bool:
        if empty_log(connection):
            self._log_is_due = False
        return not self._log_is_due

    async def _write_there(
        self, action: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[T, WriteSession]:
        for attempt in range(1, ATTEMPTS + 1):
            committing: list[Connection] = []
            try:
                # Not AsyncSession: it switches between the async and the sync side for each of begin, work and commit.
                async with self.engine.connect() as connection:
                    done: tuple[T, WriteSession] = await connection.run_sync(
                        self._committed, action, args, kwargs, committing
                    )
                return done
            except DBAPIError as error:
                # A connection lost before COMMIT was sent has committed nothing; after that, nobody knows.
                is_safe = _sqlstate(error) in RETRIED_STATES or (error.connection_invalidated and not committing)
                if attempt == ATTEMPTS or not is_safe:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")


def _started(engine: AsyncEngine | None) -> AsyncEngine:
    if engine is None:
        raise RuntimeError("The storage has not been started.")
    return engine


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
