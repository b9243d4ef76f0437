"""Works of one address run in order, of others in parallel, up to a limit, and nothing is kept afterwards."""

from __future__ import annotations

import asyncio

import pytest

from bot.receiving.lanes import Lanes
from bot.running.tasks import Tasks


async def test_works_of_one_address_follow_each_other() -> None:
    lanes, log = Lanes(), list[str]()

    async def work(name: str, pause: float) -> None:
        log.append(f"{name} begins")
        await asyncio.sleep(pause)
        log.append(f"{name} ends")

    await asyncio.gather(*(lanes.run("a", lambda name=name: work(name, 0.02)) for name in "123"))  # type: ignore[misc]  # mypy cannot tell a lambda's default
    assert log == [f"{name} {step}" for name in "123" for step in ("begins", "ends")]
    assert len(lanes) == 0


async def test_addresses_do_not_wait_for_each_other() -> None:
    lanes, gate = Lanes(), asyncio.Event()

    async def opens() -> None:
        gate.set()

    await asyncio.wait_for(asyncio.gather(lanes.run("a", gate.wait), lanes.run("b", opens)), 60)


async def test_never_more_at_once_than_allowed() -> None:
    lanes = Lanes(at_once=3)
    now = most = 0

    async def work() -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1

    await asyncio.gather(*(lanes.run(number, work) for number in range(20)))
    assert most == 3


async def test_a_failure_opens_the_lane_for_the_next() -> None:
    lanes = Lanes()

    async def fails() -> None:
        raise ValueError

    async def succeeds() -> str:
        return "yes"

    first, second = await asyncio.gather(lanes.run("a", fails), lanes.run("a", succeeds), return_exceptions=True)
    assert isinstance(first, ValueError)
    assert second == "yes"
    assert len(lanes) == 0


async def test_one_who_leaves_the_queue_leaves_no_trace() -> None:
    lanes, gate = Lanes(), asyncio.Event()
    async with Tasks() as tasks:
        tasks.start(lanes.run("a", gate.wait), name="first")
        waiting = tasks.start(lanes.run("a", gate.wait), name="second")
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.sleep(0.01)
        gate.set()
        await tasks.wait()
    assert len(lanes) == 0


async def test_a_kept_task_is_started_again_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.running.tasks.FIRST_PAUSE", 0.001)
    runs = 0
    third = asyncio.Event()

    async def work() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise ConnectionError
        if runs == 3:
            third.set()
            await asyncio.Event().wait()

    async with Tasks() as tasks:
        tasks.keep(work, name="kept")
        await asyncio.wait_for(third.wait(), 60)
        assert tasks.count == 1
    assert (runs, tasks.count) == (3, 0)


async def test_a_failure_of_a_started_task_is_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    async def fails() -> None:
        raise ValueError("reason")

    async with Tasks() as tasks:
        tasks.start(fails(), name="short")
        await asyncio.sleep(0.01)
    assert "short" in capsys.readouterr().out
