"""An update is heard once, a chat is one conversation, and an exchange costs three statements."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from desk.conversations import actions, queries
from desk.conversations.models import Conversation, HeardUpdate, UpdateOutcome
from desk.conversations.rows import ConversationRow
from desk.conversations.rules import MOST_MISSES, SERIES
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.makers import NOW

CHAT: dict[str, Any] = {"channel": "telegram", "bot": "mizban", "chat": "77"}


def save(session: WriteSession, row: ConversationRow, *, state: dict[str, Any]) -> None:
    actions.save(session, row, state=state, revision=row.revision + 1, locale="fa_AF", consented_at=NOW, now=NOW)


async def test_an_update_is_heard_once(storage: Storage) -> None:
    update: dict[str, Any] = {"channel": "telegram", "bot": "mizban", "update_id": str(2**40)}
    assert await storage.write(actions.note_update, **update, now=NOW)
    assert not await storage.write(actions.note_update, **update, now=NOW + timedelta(hours=1))
    assert await storage.write(actions.note_update, **{**update, "bot": "other"}, now=NOW)
    assert await storage.write(actions.note_update, **{**update, "channel": "bale"}, now=NOW)


@pytest.mark.parametrize("update_id", ["k" * 61, "k" * 5000, "k\0", "\ud800"], ids=ascii)
async def test_a_key_of_any_length_and_signs_is_heard_once(storage: Storage, update_id: str) -> None:
    """Before, PostgreSQL refused it in each try: the update stayed unconfirmed and came again without end."""
    keys = [update_id, update_id, f"{update_id}2"]
    said: dict[str, Any] = {"channel": "toy", "bot": "b", "now": NOW}
    heard = [await storage.write(actions.note_update, update_id=key, **said) for key in keys]
    assert heard == [True, False, True]


async def test_of_many_hearings_at_once_one_counts(storage: Storage) -> None:
    heard = await asyncio.gather(
        *(storage.write(actions.note_update, channel="bale", bot="mizban", update_id="5f-a", now=NOW) for _ in range(8))
    )
    assert sorted(heard) == [False] * 7 + [True]


async def test_a_chat_is_one_conversation_even_when_opened_twice_at_once(storage: Storage) -> None:
    rows = await asyncio.gather(*(storage.write(actions.open_conversation, **CHAT, now=NOW) for _ in range(6)))
    assert len({row.id for row in rows}) == 1
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Conversation))) == 1


async def test_what_is_saved_is_found_again(storage: Storage) -> None:
    assert await storage.read(queries.find, **CHAT) is None
    row = await storage.write(actions.open_conversation, **CHAT, now=NOW)
    assert (row.locale, row.state, row.revision, row.reachable) == (None, {}, 0, True)
    state = {"flow": "book", "draft": {"name": "گل‌آقا", "tries": [1, None]}}
    await storage.write(save, row, state=state)
    found = await storage.read(queries.find, **CHAT)
    assert found is not None
    assert (found.id, found.state, found.revision, found.locale, found.consented_at) == (row.id, state, 1, "fa_AF", NOW)
    assert await storage.read(queries.by_id, conversation_id=row.id) == found


async def test_who_blocked_the_bot_can_be_reached_again_once_they_write(storage: Storage) -> None:
    row = await storage.write(actions.open_conversation, **CHAT, now=NOW)
    await storage.write(actions.note_unreachable, **CHAT)
    blocked = await storage.read(queries.find, **CHAT)
    assert blocked is not None
    assert not blocked.reachable
    await storage.write(save, row, state={})
    back = await storage.read(queries.find, **CHAT)
    assert back is not None
    assert back.reachable


def test_a_whole_appointment_is_three_statements(session: WriteSession) -> None:
    actions.open_conversation(session, **CHAT, now=NOW)
    seen: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: seen.append(given[2]))
    assert actions.note_update(session, channel="telegram", bot="mizban", update_id="1", now=NOW)
    row = actions.open_conversation(session, **CHAT, now=NOW)
    save(session, row, state={"flow": "menu"})
    session.flush()
    assert [statement.split()[0] for statement in seen] == ["INSERT", "SELECT", "UPDATE"]


def test_parked_updates_are_listed_and_old_ones_forgotten(session: WriteSession) -> None:
    old = NOW - timedelta(hours=49)
    actions.note_update(session, channel="bale", bot="mizban", update_id="1", now=old)
    actions.note_update(
        session,
        channel="bale",
        bot="mizban",
        update_id="2",
        outcome=UpdateOutcome.PARKED,
        reason="message.chat: int",
        now=NOW,
    )
    assert [(update.update_id, update.reason) for update in queries.parked(session, limit=5)[0]] == [
        ("2", "message.chat: int")
    ]
    assert actions.forget_updates(session, before=NOW - timedelta(hours=48), limit=9) == 1
    assert left(session) == ["2"]


def left(session: Session) -> list[str]:
    return list(session.scalars(select(HeardUpdate.update_id)))


async def miss(storage: Storage, row: ConversationRow, *, at: datetime) -> datetime | None:
    """One more code that is nobody's; until when codes rest afterwards."""
    await storage.write(actions.note_code_miss, conversation_id=row.id, now=at)
    return await storage.read(queries.codes_rest_until, conversation_id=row.id, now=at)


async def test_after_ten_unknown_codes_no_code_is_looked_up_until_24_hours_after_the_first(storage: Storage) -> None:
    row = await storage.write(actions.open_conversation, **CHAT, now=NOW)
    other = await storage.write(actions.open_conversation, **{**CHAT, "chat": "78"}, now=NOW)
    hours = [NOW + timedelta(hours=2 * number) for number in range(MOST_MISSES)]
    assert [await miss(storage, row, at=at) for at in hours] == [None] * 9 + [NOW + timedelta(hours=24)]
    await storage.write(save, row, state={})  # the end of the exchange leaves the count as it is

    async def rests(of: ConversationRow, **later: int) -> bool:
        now = NOW + timedelta(**later)
        return await storage.read(queries.codes_rest_until, conversation_id=of.id, now=now) is not None

    assert await rests(row, hours=24, microseconds=-1)
    assert not await rests(row, hours=24)
    assert not await rests(other, hours=20)
    assert await miss(storage, row, at=NOW + timedelta(hours=24)) is None
    assert not await rests(row, hours=25)


async def test_the_count_begins_anew_24_hours_after_the_first_unknown_code(storage: Storage) -> None:
    row = await storage.write(actions.open_conversation, **CHAT, now=NOW)
    for _ in range(MOST_MISSES - 1):
        assert await miss(storage, row, at=NOW) is None
    again = NOW + SERIES
    found = [await miss(storage, row, at=again + timedelta(minutes=number)) for number in range(MOST_MISSES)]
    assert found == [None] * 9 + [again + SERIES]


async def test_misses_at_once_are_all_counted(storage: Storage) -> None:
    row = await storage.write(actions.open_conversation, **CHAT, now=NOW)
    await asyncio.gather(*(miss(storage, row, at=NOW) for _ in range(MOST_MISSES)))
    assert await storage.read(queries.codes_rest_until, conversation_id=row.id, now=NOW) == NOW + SERIES


def test_nothing_rests_for_a_chat_that_was_erased(session: WriteSession) -> None:
    assert queries.codes_rest_until(session, conversation_id=404, now=NOW) is None
