"""A number is stretched outside of the transaction: the exchange stops, runs once more, and is heard once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from desk import identity
from desk.conversations.models import HeardUpdate
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.transcripts import script
from tests.transcripts.bare import BareStage
from tests.transcripts.stage import Bot, Clock, language_of
from tests.transcripts.test_transcripts import CHATS, played_on

EXCHANGES_WITH_A_NUMBER = {"book/first_contact.chat": 1, "book/without_a_paper.chat": 2, "ask/by_voice.chat": 0}


@pytest.mark.parametrize(("name", "numbers"), EXCHANGES_WITH_A_NUMBER.items())
async def test_only_an_exchange_with_a_number_runs_twice(
    storage: Storage, monkeypatch: pytest.MonkeyPatch, name: str, numbers: int
) -> None:
    made: list[Any] = []
    runs: list[str] = []
    inside = [0]
    real_write, real_make = storage.write, identity.stretched

    async def write(action: Any, /, *args: Any, **kwargs: Any) -> Any:
        def counted(session: WriteSession, *args: Any, **kwargs: Any) -> Any:
            if getattr(action, "__name__", "") == "_take":
                runs.append(args[0].update_id)
            inside[0] += 1
            try:
                return action(session, *args, **kwargs)
            finally:
                inside[0] -= 1

        return await real_write(counted, *args, **kwargs)

    def make(mark: Any) -> str:
        assert inside[0] == 0, "no transaction is open"
        made.append(mark)
        return real_make(mark)

    told = script.read((CHATS / name).read_text(encoding="utf-8"))
    bot = Bot(storage=storage, language=language_of(told.lang), clock=Clock())
    stage = BareStage(bot)
    monkeypatch.setattr("desk.storage.digests.stretched", make)
    monkeypatch.setattr(storage, "write", write)
    played = await played_on(stage, bot, told)
    assert "trouble" not in played
    heard = await real_write(lambda session: session.scalar(select(func.count()).select_from(HeardUpdate)))
    assert len(made) == numbers
    assert len(set(runs)) == heard
    assert len(runs) == heard + numbers, "each of them once more, all others once"
    if numbers:
        assert await real_write(lambda session: session.scalar(select(func.count()).select_from(Person)))
