"""The one thread that writes to SQLite: order, what breaks off, what is cancelled, and the end."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS

pytestmark = pytest.mark.sqlite


def _laid_out(session: WriteSession) -> None:
    session.execute(text("CREATE TABLE numbers (number INTEGER)"))


def _note(session: WriteSession, number: int) -> int:
    session.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})
    return number


def _numbers(session: WriteSession) -> list[int]:
    return list(session.execute(text("SELECT number FROM numbers ORDER BY rowid")).scalars())


async def _with_a_table(path: Path) -> Storage:
    storage = Storage(f"sqlite:///{path}", keys=KEYS)
    await storage.start()
    await storage.write(_laid_out)
    return storage


async def test_writes_are_done_in_the_order_they_were_asked_for(tmp_path: Path) -> None:
    storage = await _with_a_table(tmp_path / "numbers.db")
    told = await asyncio.gather(*(storage.write(_note, number) for number in range(40)))
    assert told == list(range(40)) == await storage.write(_numbers)
    await storage.stop()


async def test_nothing_stays_of_a_write_that_broke_off(tmp_path: Path) -> None:
    def broken(session: WriteSession) -> None:
        _note(session, 1)
        session.begin_nested()
        _note(session, 2)
        raise LookupError

    storage = await _with_a_table(tmp_path / "numbers.db")
    with pytest.raises(LookupError):
        await storage.write(broken)
    await storage.write(_note, 3)
    assert await storage.write(_numbers) == [3]
    await storage.stop()


async def test_a_write_that_is_cancelled_before_it_begins_is_left_out(tmp_path: Path) -> None:
    storage = await _with_a_table(tmp_path / "numbers.db")
    may_end = threading.Event()

    def slow(session: WriteSession) -> None:
        may_end.wait(20)
        _note(session, 1)

    both = asyncio.gather(storage.write(slow), storage.write(_note, 2))
    await asyncio.sleep(0)
    both.cancel()
    with pytest.raises(asyncio.CancelledError):
        await both
    may_end.set()
    assert await storage.write(_numbers) in ([1], [])  # the first had begun, unless its thread had not yet woken
    await storage.stop()


async def test_stopping_does_what_waits_and_the_storage_can_start_again(tmp_path: Path) -> None:
    storage = await _with_a_table(tmp_path / "numbers.db")
    waiting = asyncio.gather(*(storage.write(_note, number) for number in range(5)))
    await asyncio.sleep(0)
    await storage.stop()
    assert await waiting == list(range(5))
    async with storage:
        assert await storage.write(_numbers) == list(range(5))
