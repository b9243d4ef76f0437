"""What somebody cuts or erases while a job is in the middle of it; PostgreSQL, where two write at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.util import await_only

from desk.acting import Actor
from desk.cases.changes import ERASED
from desk.cases.found_by import index_anew_at_office
from desk.cases.models import Case, CaseWord
from desk.cases.rules import CaseState, CloseReason
from desk.conversations.models import Conversation
from desk.erasure.actions import erase
from desk.other_chats import actions, falling_back
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.domain.test_other_chats import Pair
from tests.makers import NOW, make_conversation, make_office
from tests.makers_cases import file_complaint

pytestmark = pytest.mark.postgres


async def test_what_falls_back_while_the_connection_is_cut_stays_in_its_chat(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, is_cut = asyncio.Event(), asyncio.Event()
    give: Callable[..., int] = falling_back._give

    def give_later(*args: Any, **kwargs: Any) -> int:
        """Another transaction cuts between the looking and the giving."""
        found.set()
        await_only(is_cut.wait())
        return give(*args, **kwargs)

    def make(session: WriteSession) -> tuple[int, int]:
        pair = Pair(session)
        return pair.message().id, pair.one.id

    def refused(session: WriteSession) -> bool:
        return falling_back.fall_back(session, message_id=message, claimed_for=one, now=NOW)

    message, one = await storage.write(make)
    monkeypatch.setattr(falling_back, "_give", give_later)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        falling = group.create_task(storage.write(refused))
        await found.wait()
        assert await storage.write(actions.cut, actor=Actor.chat(one), now=NOW)
        is_cut.set()
        assert not await falling
    assert await storage.read(lambda session: session.get_one(OutboxMessage, message).conversation_id) == one
    assert await storage.read(verify) == []


async def test_no_word_of_a_case_is_left_that_is_erased_while_its_words_are_made_anew(storage: Storage) -> None:
    is_made = asyncio.Event()

    def make(session: WriteSession) -> tuple[int, int, int]:
        chat, office = make_conversation(session), make_office(session)
        case = file_complaint(session, office=office, conversation=chat, text="آرایشگر پول خواست").case_id
        row = session.get_one(Case, case)
        row.handler_office_id, row.state, row.close_reason, row.closed_at = (
            office.id,
            CaseState.CLOSED,
            CloseReason.SOLVED,
            NOW,
        )
        session.flush()
        return chat.id, office.id, case

    def make_anew(session: WriteSession) -> None:
        index_anew_at_office(session, office_id=office)
        is_made.set()
        while not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            await_only(asyncio.sleep(0.005))

    def words_left(session: WriteSession) -> tuple[int, bool]:
        left = session.scalar(select(func.count()).select_from(CaseWord).where(CaseWord.case_id == case)) or 0
        return left, session.get_one(Case, case).idem_key.startswith(ERASED)

    chat, office, case = await storage.write(make)
    assert (await storage.write(words_left))[0] > 0
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(storage.write(make_anew))
        await is_made.wait()
        await storage.write(erase, actor=Actor.chat(chat), now=NOW)
    assert await storage.write(words_left) == (0, True)
    assert await storage.read(lambda session: session.get(Conversation, chat)) is None
