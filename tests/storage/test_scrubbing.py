"""Tables are written anew only when nobody samples: what a sampler still sees would stay in the files."""

from __future__ import annotations

import asyncio

import pytest

from desk.storage.engine import Storage
from desk.storage.scrubbing import scrub

pytestmark = pytest.mark.postgres


async def test_what_a_sampler_still_sees_is_waited_for(storage: Storage) -> None:
    samples, has_sampled = asyncio.Event(), False

    async def sampler() -> None:
        nonlocal has_sampled
        async with storage.engine.begin() as other:
            await other.exec_driver_sql("LOCK TABLE offices IN SHARE UPDATE EXCLUSIVE MODE")  # as ANALYZE takes it
            samples.set()
            await asyncio.sleep(0.5)
            has_sampled = True

    async with asyncio.TaskGroup() as tasks, storage.engine.connect() as connection:
        tasks.create_task(sampler())
        await samples.wait()
        await connection.run_sync(scrub, ["events"])
        assert has_sampled
