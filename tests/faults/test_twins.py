"""The same faults with one guard removed do harm, which proves that the fault tests can fail."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.conversations.models import Conversation, HeardUpdate
from desk.storage.engine import Storage
from emulator import NotSettled
from emulator.remote import RemoteEmulator
from tests.faults.running import KEYS, PATIENCE, Mizban, emulator_process, pending


async def nothing_pending(emulator: RemoteEmulator) -> None:
    """Wait until every update has been confirmed."""
    async with asyncio.timeout(PATIENCE):
        while await pending(emulator):
            await asyncio.sleep(0.02)


def heard(session: Session) -> int:
    return len(session.scalars(select(HeardUpdate.id)).all())


def revision(session: Session) -> int:
    return session.scalars(select(Conversation.revision)).one()


@pytest.mark.sqlite
@pytest.mark.parametrize("spoil", ["", "confirm_before_commit"], ids=["guarded", "spoilt"])
async def test_confirming_before_the_commit_loses_what_a_crash_meets(
    database_url: str, tmp_path: Path, spoil: str
) -> None:
    async with (
        emulator_process() as emulator,
        Mizban(folder=tmp_path, database_url=database_url, emulator=emulator, by_webhook=False) as mizban,
    ):
        await mizban.start(spoil=spoil)
        person = await emulator.person("telegram")
        await person.say("/start")
        await nothing_pending(emulator)
        await mizban.kill()
        await mizban.start()
        if spoil:
            with pytest.raises(NotSettled):
                await person.settled(2, expect=1)
        else:
            assert (await person.settled(PATIENCE, expect=1)).buttons
    async with Storage(database_url, keys=KEYS) as storage:
        assert await storage.read(heard) == (0 if spoil else 1)


@pytest.mark.sqlite
@pytest.mark.parametrize("spoil", ["", "forget_what_was_heard"], ids=["guarded", "spoilt"])
async def test_an_update_that_comes_twice_is_acted_on_once(database_url: str, tmp_path: Path, spoil: str) -> None:
    async with (
        emulator_process() as emulator,
        Mizban(folder=tmp_path, database_url=database_url, emulator=emulator, by_webhook=False) as mizban,
    ):
        await mizban.start(spoil=spoil)
        await emulator.add_fault("duplicate_update")
        person = await emulator.person("telegram")
        await person.ask("/start", timeout=PATIENCE)
        await nothing_pending(emulator)
        await person.ask("?", timeout=PATIENCE)
        await nothing_pending(emulator)
        await mizban.stop()
    async with Storage(database_url, keys=KEYS) as storage:
        assert await storage.read(heard) == 2
        acted = await storage.read(revision)
    assert acted > 2 if spoil else acted == 2
