"""Walkers who do whatever comes to mind, on both messengers: whatever they do, every rule of a screen holds.

MIZBAN_WALKS=100 walks on a hundred other seeds, MIZBAN_WALK_STEPS=500 walks longer, MIZBAN_WALK_SEED=7 begins there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.flows.registry import FLOWS
from tests.walker.town import hurry, running_town
from tests.walker.walk import Fault, Walk

MOST_FLOWS = 8
"""Of the conversations, so many at least are walked through: else the walk proves little."""
FIRST_SEED = int(os.environ.get("MIZBAN_WALK_SEED", "1"))
WALKS = int(os.environ.get("MIZBAN_WALKS", "1"))
STEPS = int(os.environ.get("MIZBAN_WALK_STEPS", "60"))


def told(faults: list[Fault], *, seed: int) -> str:
    """Every fault with what led to it."""
    return f"seed {seed}: {len(faults)} faults\n\n" + "\n\n".join(map(str, faults))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*hurry())


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + WALKS))
async def test_whatever_people_do_every_rule_holds(seed: int, database_url: str, tmp_path: Path) -> None:
    async with running_town(database_url, tmp_path / "home") as town:
        walk = Walk(town, seed=seed, steps=STEPS)
        faults = await walk.go()
    assert not faults, told(faults, seed=seed)
    seen = {place.partition(".")[0] for place in walk.places}
    assert len(seen & set(FLOWS)) >= MOST_FLOWS, f"walks got no further than {sorted(walk.places)}"


@pytest.mark.sqlite
async def test_nobody_meets_silence_while_messengers_stumble(database_url: str, tmp_path: Path) -> None:
    async with running_town(database_url, tmp_path / "home") as town:
        faults = await Walk(town, seed=FIRST_SEED, walkers_each=1, steps=STEPS // 3, stumbling=True).go()
    assert not faults, told(faults, seed=FIRST_SEED)


@pytest.mark.postgres
async def test_it_holds_on_postgresql_too(database_url: str, tmp_path: Path) -> None:
    async with running_town(database_url, tmp_path / "home") as town:
        faults = await Walk(town, seed=FIRST_SEED + 1000, walkers_each=1, steps=STEPS // 2).go()
    assert not faults, told(faults, seed=FIRST_SEED + 1000)
