"""One read sees a consistent snapshot, whatever is committed meanwhile."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, select
from sqlalchemy.util import await_only

from desk.offices.models import Province
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from tests.makers_areas import make_province


async def test_a_read_is_one_snapshot(storage: Storage) -> None:
    begun, written = asyncio.Event(), asyncio.Event()

    def look(session: ReadSession) -> tuple[int | None, int | None]:
        count = select(func.count()).select_from(Province)
        before = session.scalar(count)
        begun.set()
        await_only(written.wait())
        return before, session.scalar(count)

    def add(session: WriteSession) -> None:
        make_province(session)

    async def write() -> None:
        await begun.wait()
        await storage.write(add)
        written.set()

    seen, _ = await asyncio.gather(storage.read(look), write())
    assert seen == (0, 0)
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Province))) == 1
