"""The fixtures themselves: each test has a database of its own of each kind, and no network but this machine."""

from __future__ import annotations

import asyncio
import socket

import pytest
from sqlalchemy import text

from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from tests.network import OutsideWorldError, is_local, loopback_only


def _leave_a_row(session: WriteSession) -> None:
    session.execute(text("CREATE TABLE left_behind (id integer)"))


def _tables(session: ReadSession) -> set[str]:
    listed = "sqlite_master WHERE type = 'table'" if session.get_bind().dialect.name == "sqlite" else "pg_tables"
    column = "name" if "sqlite" in listed else "tablename"
    return set(session.scalars(text(f"SELECT {column} FROM {listed}")))


@pytest.mark.parametrize("time", [1, 2])
async def test_every_test_has_a_database_of_its_own(storage: Storage, time: int) -> None:
    before = await storage.read(_tables)
    assert "left_behind" not in before
    assert "alembic_version" in before, "the template was not migrated"
    await storage.write(_leave_a_row)
    assert "left_behind" in await storage.read(_tables)


@pytest.mark.sqlite
def test_a_marker_keeps_a_test_on_sqlite(database_url: str) -> None:
    assert database_url.startswith("sqlite:")


@pytest.mark.postgres
def test_a_marker_keeps_a_test_on_postgres(database_url: str) -> None:
    assert database_url.startswith("postgresql+asyncpg:")


@pytest.mark.postgres
async def test_the_shared_server_does_not_wait_for_the_disk(storage: Storage) -> None:
    assert await storage.read(lambda session: session.scalar(text("SHOW fsync"))) == "off"


@pytest.mark.postgres
@pytest.mark.durable
async def test_the_durable_server_waits_for_the_disk(storage: Storage) -> None:
    assert await storage.read(lambda session: session.scalar(text("SHOW fsync"))) == "on"


def test_the_plain_session_is_rolled_back(session: WriteSession) -> None:
    session.execute(text("CREATE TABLE left_behind (id integer)"))
    session.rollback()
    assert session.scalar(text("SELECT count(*) FROM sqlite_master WHERE name = 'left_behind'")) == 0


def test_no_test_connects_outside_this_machine() -> None:
    with socket.socket() as outward, pytest.raises(OutsideWorldError):
        outward.connect(("192.0.2.1", 9))  # an address reserved for documentation


def test_no_test_looks_up_an_outside_name() -> None:
    with pytest.raises(OutsideWorldError):
        socket.getaddrinfo("mizban.example", 443)


async def test_the_event_loop_is_guarded_too() -> None:
    with pytest.raises(OutsideWorldError):
        await asyncio.open_connection("192.0.2.1", 9)


async def test_this_machine_is_reached() -> None:
    async with await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        reader, writer = await asyncio.open_connection(host, port)
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


def test_the_guard_gives_sockets_back() -> None:
    guarded = socket.socket.connect
    with loopback_only():
        assert socket.socket.connect is not guarded
    assert socket.socket.connect is guarded


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), (b"localhost", True), ("10.0.0.1", False), ("a", False)],
)
def test_what_counts_as_this_machine(host: object, local: bool) -> None:
    assert is_local(host) is local
