"""Marks from before they bore the name of their key: a recovery code is still right, and limits are not begun anew."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert, select

from desk.conversations import limits
from desk.conversations.actions import open_conversation
from desk.conversations.models import ChatCounter, Conversation
from desk.conversations.rules import SPANS, CounterKind
from desk.identity import IdentityKey, IdentityKeys
from desk.staff import second_factor
from desk.staff.models import RecoveryCode
from desk.storage import migrate
from desk.storage.base import WriteSession
from desk.storage.encryption import Keys
from desk.storage.engine import Storage
from tests.keys import KEY, KEYS
from tests.makers import NOW, make_staff

BEFORE = "0049"
HERE = IdentityKeys(IdentityKey(KEYS.name, b"for numbers"))
OLDEST = IdentityKeys(IdentityKey("0badcafe", b"for numbers, long ago"))
CHAT = {"channel": "bale", "bot": "mizban", "chat": "881"}
CODE = "abcd-efgh-jkmn"
TRIED = CounterKind.UNKNOWN_CODES


def unnamed(of: IdentityKeys) -> str:
    """As chats were counted."""
    return limits.marks_of_before(**CHAT, keys=IdentityKeys(of.current, (of.current,)))[-1]


def as_before(session: WriteSession, *, by: Keys, numbers: IdentityKeys) -> int:
    staff = make_staff(session).id
    bare = by.mark(second_factor.RECOVERY, f"{staff}:{CODE.replace('-', '')}")
    session.execute(insert(RecoveryCode), {"staff_id": staff, "mark": bare})
    # Of a chat that was erased.
    session.execute(
        insert(ChatCounter), {"mark": unnamed(numbers), "kind": TRIED, "count": 7, "ends_at": NOW + SPANS[TRIED]}
    )
    return staff


@pytest.mark.parametrize("was_changed", [False, True])
async def test_a_mark_without_a_name_is_found(database_url: str, was_changed: bool) -> None:
    """Where the key was changed before, nobody knows by which one it was made; so it is found by each."""
    before = Keys(b"the key of long ago, 32 bytes...") if was_changed else KEYS
    now = Keys(KEY, [b"the key of long ago, 32 bytes..."]) if was_changed else KEYS
    numbers = IdentityKeys(HERE.current, (OLDEST.current,)) if was_changed else HERE
    await asyncio.to_thread(migrate.downgrade, database_url, keys=now, revision=BEFORE)
    async with Storage(database_url, keys=now) as storage:
        staff = await storage.write(as_before, by=before, numbers=OLDEST if was_changed else HERE)
    await asyncio.to_thread(migrate.upgrade, database_url, keys=now)

    def found(session: WriteSession) -> tuple[bool, Any]:
        chat = open_conversation(session, **CHAT, counting=numbers, now=NOW)
        told = limits.counted(session, conversation_id=chat.id, kind=TRIED, now=NOW)
        assert str(session.scalars(select(Conversation.limits_mark)).one()).startswith(f"{KEYS.name}.")
        return (
            second_factor.is_right(session, staff_id=staff, code=CODE, now=NOW),
            None if told is None else told.times,
        )

    async with Storage(database_url, keys=now) as storage:
        assert await storage.write(found) == (True, 7)
