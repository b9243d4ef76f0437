"""`mizban probe` finds out what an emulated messenger can do, and says it without the token."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator import Emulator
from mizban.probe import Finding, probe_messenger
from tests.mizban.conftest import TOKENS, settings_for


async def probed(emulator: Emulator, kind: str, home: Path, *, chat: str | None = None) -> dict[str, Finding]:
    """The findings by ability, in the chat of somebody who has started the bot."""
    person = emulator.person(kind)
    await person.start()
    settings = settings_for(emulator, home=home, database_url="")
    found = await probe_messenger(settings, kind, chat=chat or str(person.id))
    return {each.ability: each for each in found}


async def test_telegram_can_do_everything(emulator: Emulator, tmp_path: Path) -> None:
    found = await probed(emulator, "telegram", tmp_path)
    assert {each.ability for each in found.values() if each.answer == "no"} == set()
    assert found["know itself"].remark == "@telegram_bot"
    assert found["edit a message"].remark == ""
    assert emulator.violations == []


async def test_bale_is_told_from_telegram(emulator: Emulator, tmp_path: Path) -> None:
    found = await probed(emulator, "bale", tmp_path)
    assert {each.ability for each in found.values() if each.answer == "no"} >= {"venue", "copy button"}
    assert found["send a message"].answer == "yes"
    assert found["edit a message"].remark == "its answer is a stub"


@pytest.mark.parametrize("kind", ["telegram", "bale"])
async def test_a_chat_that_is_not_there_is_a_finding_without_secrets(
    emulator: Emulator, tmp_path: Path, kind: str
) -> None:
    found = await probed(emulator, kind, tmp_path, chat="123456")
    assert found["send a message"].answer == "no"
    told = "".join(each.remark for each in found.values())
    assert not [token for token in TOKENS.values() if token in told]
