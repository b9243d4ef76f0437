"""What is tried again and what is not."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from desk.storage.engine import Storage
from desk.storage.outages import is_outage


class Answer(Exception):
    """A driver's error with PostgreSQL's state."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize("state", ["08006", "40001", "55P03", "57014", "57P01", "53300"])
def test_what_passes_is_an_outage(state: str) -> None:
    assert is_outage(DBAPIError("SELECT 1", {}, Answer(state)))


@pytest.mark.parametrize("state", ["23505", "22003", "42601"])
def test_what_stays_wrong_is_none(state: str) -> None:
    assert not is_outage(DBAPIError("SELECT 1", {}, Answer(state)))


def test_a_locked_file_is_an_outage() -> None:
    assert is_outage(OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked")))


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        NoFreeConnection(),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.InterfaceError("connection is closed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_comes_while_connecting_is_an_outage(error: Exception) -> None:
    assert is_outage(error)


@pytest.mark.parametrize("error", [ValueError(), LookupError(), asyncpg.UniqueViolationError("twice")])
def test_a_fault_of_ours_is_none(error: Exception) -> None:
    assert not is_outage(error)


async def test_a_broken_rule_is_none(storage: Storage) -> None:
    twice = text("INSERT INTO provinces (code, name) VALUES ('IR-30', '{}'), ('IR-30', '{}')")
    with pytest.raises(IntegrityError) as broken:
        await storage.write(lambda session: session.execute(twice))
    assert not is_outage(broken.value)
