"""Two everyday actions pass through no more of our files and functions than now, and ask the database no more often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest

from desk.storage.engine import Storage
from tests.compiled_once import each_for_itself
from tests.system.hops import Hops, arrival, booking_tap, hops_of

pytestmark = pytest.mark.sqlite

HOW = "see what by: python -m tests.system.hops -v"


class Most(NamedTuple):
    files: int
    calls: int
    statements: int


@pytest.mark.parametrize(
    ("scene", "most"),
    [(booking_tap, Most(55, 314, 20)), (arrival, Most(50, 352, 19))],
    ids=["booking tap", "arrival"],
)
async def test_a_deed_takes_no_more_hops(
    scene: Callable[[Storage, Hops], Awaitable[None]], most: Most, database_url: str
) -> None:
    with each_for_itself():
        hops = await hops_of(scene, database_url=database_url)
    taken = Most(hops.files, hops.number, hops.statements)
    assert all(0 < part <= bound for part, bound in zip(taken, most, strict=True)), f"{taken}; {HOW}"
