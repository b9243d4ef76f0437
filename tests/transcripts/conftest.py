"""`pytest tests/transcripts --accept` rewrites the transcripts as the bare stage plays them now; read the diff."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from emulator import HARSH, BotAccount, Emulator
from tests.channels.talking import TOKENS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", default=False, help="rewrite transcripts after a change meant")
    parser.addoption(
        "--answering",
        action="append",
        default=[],
        metavar="STEP=OPTION",
        help="with --accept: where a chat comes to a new step, press this option of it (see answering.py)",
    )


@pytest_asyncio.fixture
async def emulator() -> AsyncIterator[Emulator]:
    """Both messengers; Bale with every gap it has ever been seen to leave."""
    accounts = [
        BotAccount("telegram", TOKENS["telegram"], username="t_bot"),
        BotAccount("bale", TOKENS["bale"], username="b_bot", gaps=HARSH),
    ]
    async with Emulator(bots=accounts) as started:
        yield started
