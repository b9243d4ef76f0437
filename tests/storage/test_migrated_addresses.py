"""The addresses and states of chats are encrypted by the migration, batch by batch, and nothing readable is left."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, MetaData, insert, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from desk.conversations.actions import forget_answers
from desk.conversations.queries import find
from desk.outbox.claiming import claim
from desk.storage import migrate
from desk.storage.engine import Storage
from desk.storage.types import UtcDateTime
from tests.keys import KEYS
from tests.makers import NOW
from tests.server_files import contents
from tests.storage.test_migrated_cases import on

BEFORE, AFTER = "0028", "0030"
ROWS = 2500
"""More than two batches."""
SAID = "they took my paper at the second counter"


def fill(connection: Connection, *, rows: int = ROWS) -> None:
    """Chats of before, each with an answer of its own, and a message that waits for the first of them."""
    meta = MetaData()
    meta.reflect(connection, only=["conversations", "outbox_messages"])
    chats, messages = meta.tables["conversations"], meta.tables["outbox_messages"]
    for table, names in ((chats, ("created_at", "heard_at")), (messages, ("due_at", "created_at"))):
        for name in names:
            table.c[name].type = UtcDateTime()
    connection.execute(
        insert(chats),
        [
            {
                "id": number,
                "channel": "bale",
                "bot": "b",
                "chat": f"chat-{number}-of-before",
                "state": {"draft": {"text": f"{SAID} {number}"}} if number % 2 else {"run": number},
                "revision": number,
                "reachable": True,
                "created_at": NOW,
                "heard_at": NOW,
            }
            for number in range(1, rows + 1)
        ],
    )
    for chat in ("chat-1-of-before", "chat-nobody-of-before"):
        connection.execute(
            insert(messages).values(
                idem_key=chat[:8],
                channel="bale",
                bot="b",
                chat=chat,
                lane=0,
                notice="ticket",
                params={},
                state="open",
                is_open=True,
                due_at=NOW,
                tries=0,
                created_at=NOW,
            )
        )


def bytes_of(url: str) -> bytes:
    """Every byte of the files of an SQLite database."""
    path = Path(make_url(url).database or "")
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


async def test_chats_of_before_are_encrypted_and_found(database_url: str) -> None:
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    await on(database_url, fill)
    if database_url.startswith("sqlite"):
        assert b"of-before" in bytes_of(database_url)
        assert SAID.encode() in bytes_of(database_url)
    told: list[str] = []
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, revision=AFTER, told=told.append)
    assert [line.split(": ")[1] for line in told] == [
        "1,000 rows written anew",
        "2,000 rows written anew",
        "2,500 rows written anew",
    ]
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    if database_url.startswith("sqlite"):
        assert b"of-before" not in bytes_of(database_url)
        assert SAID.encode() not in bytes_of(database_url)
    async with Storage(database_url, keys=KEYS) as storage:
        for number in (1, ROWS):
            row = await storage.read(find, channel="bale", bot="b", chat=f"chat-{number}-of-before")
            assert row is not None
            assert (row.id, row.revision) == (number, number)
            assert row.state == ({"draft": {"text": f"{SAID} {number}"}} if number % 2 else {"run": number})
        (message,) = await storage.write(claim, channel="bale", bot="b", limit=9, now=NOW)
        assert (message.chat, message.conversation_id) == ("chat-1-of-before", 1)
        assert (
            await storage.write(forget_answers, before=NOW.replace(year=2030), emptied=lambda state: {}, limit=9) == 9
        )


async def test_one_that_breaks_off_goes_on_where_it_was(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    await on(database_url, fill)

    def power_cut(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, told=power_cut)
    assert await asyncio.to_thread(migrate.current, database_url) == "0029"
    told: list[str] = []
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS, told=told.append)
    assert told[0].endswith(": 1,000 rows written anew")
    assert told[1].endswith(": 1,500 rows written anew")
    async with Storage(database_url, keys=KEYS) as storage:
        assert await storage.read(find, channel="bale", bot="b", chat="chat-1-of-before") is not None


@pytest.mark.postgres
async def test_postgresql_keeps_no_sample_of_the_old_values(database_url: str) -> None:
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision=BEFORE)
    await on(database_url, fill)
    await on(database_url, lambda connection: connection.exec_driver_sql("ANALYZE"))
    await asyncio.to_thread(checkpoint, database_url)
    assert await on(database_url, holding)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    await asyncio.to_thread(checkpoint, database_url)
    assert await on(database_url, holding) == []


def holding(connection: Connection) -> list[str]:
    """The tables and indexes in whose files an address of before stands; by number where none has the file now."""
    url = connection.engine.url
    where = connection.exec_driver_sql(f"SELECT oid FROM pg_database WHERE datname = '{url.database}'").scalar_one()
    found = connection.exec_driver_sql("SELECT pg_relation_filenode(oid)::text, relname FROM pg_class")
    names: dict[str, str] = dict(found.all())
    files = (Path(str(url.query["host"])) / "base" / str(where)).iterdir()
    held = [name for name, content in contents(files) if b"of-before" in content]
    return [names.get(name.partition(".")[0], name) for name in held]


def checkpoint(url: str) -> None:
    """Have the server write its pages."""

    async def run() -> None:
        engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.exec_driver_sql("CHECKPOINT")
        await engine.dispose()

    asyncio.run(run())
