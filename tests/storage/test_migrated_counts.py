"""Counts of chats from before they had a table: each still limits its chat, also the one that erased its data."""

from __future__ import annotations

import asyncio
import hmac
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select, update

from desk.conversations.actions import open_conversation
from desk.conversations.addresses import CHAT
from desk.conversations.limits import counted, mark_of
from desk.conversations.rules import SERIES, SPANS, CounterKind
from desk.identity import IdentityKey, IdentityKeys
from desk.storage import migrate
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.types import UtcDateTime
from tests.keys import KEYS
from tests.makers import NOW, make_conversation
from tests.storage.test_migrated_cases import on

KEY = IdentityKeys(IdentityKey(KEYS.name, b"k" * 32))
"""The key for numbers bears the name of the one that encrypts, as in an installation."""
ERASED = {"channel": "bale", "bot": "mizban", "chat": "991"}
CODES, HOLDING = CounterKind.UNKNOWN_CODES, CounterKind.HOLDING


def _chats(session: WriteSession) -> dict[str, dict[str, Any]]:
    made = {name: make_conversation(session) for name in ("guesses", "holds", "quiet")}
    return {
        name: {
            "id": chat.id,
            "channel": chat.channel,
            "bot": chat.bot,
            "chat": KEYS.decrypt(chat.chat_sealed, column=CHAT, row=chat.id),
        }
        for name, chat in made.items()
    }


def _as_before(connection: Connection, chats: dict[str, dict[str, Any]]) -> None:
    """Write what the tables of the step before held."""
    conversations, rests = (
        Table(name, MetaData(), autoload_with=connection) for name in ("conversations", "chat_rests")
    )
    for table, columns in (
        (conversations, ("first_missed_at", "kept_since")),
        (rests, ("first_missed_at", "erased_at")),
    ):
        for column in columns:
            table.c[column].type = UtcDateTime()
    counts: dict[str, dict[str, Any]] = {
        "guesses": {"code_misses": 10, "first_missed_at": NOW},
        "holds": {"kept_since": NOW},
    }
    for name, values in counts.items():
        of = conversations.c.id == chats[name]["id"]
        connection.execute(update(conversations).where(of).values(values))
    # Before it bore the name of its key.
    mark = hmac.digest(KEY.current.key, f"erased chat:{':'.join(ERASED.values())}".encode(), "sha256").hex()
    connection.execute(insert(rests).values(mark=mark, code_misses=9, first_missed_at=NOW, erased_at=NOW))


def _left(connection: Connection, chats: dict[str, dict[str, Any]]) -> list[tuple[str, int, bool, bool]]:
    conversations = Table("conversations", MetaData(), autoload_with=connection)
    columns = conversations.c["id", "code_misses", "first_missed_at", "kept_since"]
    ids = {row["id"]: name for name, row in chats.items()}
    return sorted(
        (ids[id], misses, missed is not None, kept is not None)
        for id, misses, missed, kept in connection.execute(select(*columns))
    )


async def test_counts_of_before_are_still_counted(storage: Storage, database_url: str) -> None:
    chats = await storage.write(_chats)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0025")
    await on(database_url, lambda connection: _as_before(connection, chats))
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)

    def count(session: WriteSession, chat: dict[str, Any], kind: CounterKind) -> tuple[int, datetime] | None:
        where = {name: chat[name] for name in ("channel", "bot", "chat")}
        row = open_conversation(session, **where, counting=KEY, now=NOW)
        assert row.limits_mark is None or row.limits_mark == mark_of(**where, key=KEY.current)
        return counted(session, conversation_id=row.id, kind=kind, now=NOW)

    for _ in range(2):  # at the first message after the update, and later
        assert await storage.write(count, chats["guesses"], CODES) == (10, NOW + SERIES)
        assert await storage.write(count, chats["guesses"], HOLDING) is None
        assert await storage.write(count, chats["holds"], HOLDING) == (1, NOW + SPANS[HOLDING])
        assert await storage.write(count, chats["quiet"], CODES) is None
        assert await storage.write(count, ERASED, CODES) == (9, NOW + SERIES)


async def test_stepping_back_gives_each_chat_its_counts(storage: Storage, database_url: str) -> None:
    chats = await storage.write(_chats)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0025")
    await on(database_url, lambda connection: _as_before(connection, chats))
    before = await on(database_url, lambda connection: _left(connection, chats))
    assert before == [("guesses", 10, True, False), ("holds", 0, False, True), ("quiet", 0, False, False)]
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
    await asyncio.to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0025")
    assert await on(database_url, lambda connection: _left(connection, chats)) == before
    await asyncio.to_thread(migrate.upgrade, database_url, keys=KEYS)
