"""The days of all queues are made queue by queue: what was interrupted goes on with the others."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desk.capacity.models import Queue, Slot
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from mizban import planning
from mizban.planning import plan_all
from tests.makers import NOW, make_office, make_queue, make_service
from tests.makers_hours import make_rule
from tests.mizban.conftest import Mizban
from tests.mizban.test_keeping import change, rows


class Standing:
    """A clock that stands."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Interrupted(Exception):
    """The run was ended from outside."""


@pytest.fixture
async def five_queues(storage: Storage) -> list[int]:
    def lay_out(session: WriteSession) -> list[int]:
        service = make_service(session)
        queues = [make_queue(session, office=make_office(session), services=[service]) for _ in range(5)]
        for queue in queues:
            make_rule(session, queue=queue)
        return [each.id for each in queues]

    return await storage.write(lay_out)


def made(session: ReadSession) -> dict[int, int]:
    """How many starts each queue has."""
    counted = select(Slot.queue_id, func.count()).group_by(Slot.queue_id)
    return {row[0]: row[1] for row in session.execute(counted)}


async def test_each_queue_is_made_and_the_progress_told(
    storage: Storage, five_queues: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "TOLD_EVERY", 2)
    told: list[str] = []
    assert await plan_all(storage, Standing(), told=told.append) == 5
    assert [line.split(" ")[0] for line in told] == ["2", "4", "5"]
    starts = await storage.read(made)
    assert sorted(starts) == five_queues
    assert len(set(starts.values())) == 1
    assert await plan_all(storage, Standing(), told=told.append) == 0, "nothing is lacking"
    assert await plan_all(storage, Standing(NOW + timedelta(days=1)), told=told.append) == 5, "a day more"


async def test_what_was_interrupted_goes_on_with_the_others(
    storage: Storage, five_queues: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "TOLD_EVERY", 2)

    def stop(line: str) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        await plan_all(storage, Standing(), told=stop)
    assert len(await storage.read(made)) == 2, "what was done stays"
    assert await plan_all(storage, Standing(), told=lambda line: None) == 3
    whole = await storage.read(lambda session: session.scalars(select(Queue.filled_until)).all())
    assert len(set(whole)) == 1


def test_the_command_makes_the_days_once(seeded: Mizban, home: Path) -> None:
    change(home, "UPDATE queues SET rule_version = rule_version + 1")
    queues = rows(home, "SELECT count(*) FROM queues WHERE filled_until IS NOT NULL OR is_active")[0][0]
    first = seeded("plan")
    assert (first.code, first.out.splitlines()[-1]) == (0, f"{queues} of {queues} queues: their days are made.")
    assert (seeded("plan").code, seeded("plan").out) == (0, "No queue lacks a day.\n")
