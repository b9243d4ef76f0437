"""What stood between a chat and a case under «nobody contacts me» is in no file of the database once it is handed over.

Who has a copy of the files has more than the rows: the log of SQLite tells what each transaction wrote, and
PostgreSQL keeps deleted rows with the numbers of the transactions that wrote and deleted them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desk.cases.models import CaseArrival
from desk.conversations.models import Conversation
from desk.storage.engine import Storage
from tests.transcripts.test_nameless import Town, columns

EMPTY = "empty_arrivals"


@pytest.fixture
async def town(storage: Storage) -> Town:
    found = Town(storage)
    await found.begin()
    return found


def sealed(session: Session) -> set[bytes]:
    """What chats and what waits hold at this moment, as it stands in the files."""
    states = session.scalars(select(Conversation.state_sealed)).all()
    return {*states, *session.scalars(select(CaseArrival.sealed)).all()}


def log_of(path: Path) -> bytes:
    return path.with_name(f"{path.name}-wal").read_bytes()


async def emptied(storage: Storage) -> None:
    """Wait until the writer has done what follows a commit."""
    await storage.write(lambda session: None)


@pytest.mark.sqlite
async def test_after_the_hand_over_the_log_holds_no_transaction_that_joins_chat_and_case(
    town: Town, sqlite_path: Path
) -> None:
    await town.complain(0)
    await emptied(town.storage)
    assert log_of(sqlite_path) == b"", "the chat and what waits were written together"
    await town.follow(0, more="He was there again.")
    assert await town.hand_over() == 2  # which is written into the log
    await emptied(town.storage)
    assert log_of(sqlite_path) == b""


@pytest.mark.sqlite
async def test_where_somebody_may_be_in_danger_the_log_is_emptied_at_once(town: Town, sqlite_path: Path) -> None:
    await town.complain(0, kind="A clerk helps brokers")
    await emptied(town.storage)
    assert await town.storage.read(columns, CaseArrival.__table__) == []
    assert log_of(sqlite_path) == b""


@pytest.mark.sqlite
async def test_the_code_of_a_case_leaves_the_log_when_its_screen_is_left(town: Town, sqlite_path: Path) -> None:
    await town.complain(0)
    await town.follow(0)
    looked = {value for value in await town.storage.read(sealed) if value in log_of(sqlite_path)}
    assert looked, "the test looks at the wrong place"
    await town.phones[0].press("🏠 Main page")
    await emptied(town.storage)
    assert log_of(sqlite_path) == b""


@pytest.mark.postgres
async def test_what_was_handed_over_leaves_the_file_where_nothing_waits(town: Town) -> None:
    def size(session: Session) -> int:
        return session.scalar(select(func.pg_relation_size("case_arrivals"))) or 0

    await town.complain(0)
    assert await town.hand_over() == 1
    assert await town.storage.read(size) > 0, "the test looks at the wrong place"
    assert await town.jobs.run(EMPTY) == 1
    assert await town.storage.read(size) == 0
    assert await town.jobs.run(EMPTY) == 0
    assert "Turns are sold" in await town.follow(0)
    await town.complain(1)
    assert await town.hand_over() == 1


@pytest.mark.postgres
async def test_what_waits_carries_the_chats_transaction_until_the_next_look_alone(town: Town) -> None:
    """At a busy desk something always waits, and the file gets no rest in which it could be emptied."""
    joined = text("SELECT count(*) FROM conversations c JOIN case_arrivals a ON a.xmin = c.xmin")

    def look(session: Session) -> tuple[int, int]:
        file = session.scalar(select(func.pg_relation_filenode("case_arrivals"))) or 0
        return session.scalar(joined) or 0, file

    await town.complain(0)
    found, file = await town.storage.read(look)
    assert found == 1, "the test looks at the wrong place"
    held = await town.storage.read(columns, CaseArrival.__table__)
    assert await town.jobs.run(EMPTY) == 1
    found, other = await town.storage.read(look)
    assert found == 0
    assert other != file, "of what was taken out nothing is left, though somebody waits"
    assert await town.storage.read(columns, CaseArrival.__table__) == held
    assert await town.hand_over() == 1
