"""Two everyday deeds pass through no more of our files and functions than they do now."""

from __future__ import annotations

import pytest

from tests.system.hops import Hops, arrival, booking_tap, hops_of

pytestmark = pytest.mark.sqlite

HOW = "see what by: python -m tests.system.hops -v"


@pytest.mark.parametrize(
    ("scene", "files", "calls"), [(booking_tap, 54, 251), (arrival, 35, 213)], ids=["booking tap", "arrival"]
)
async def test_a_deed_takes_no_more_hops(scene: object, files: int, calls: int, database_url: str) -> None:
    hops: Hops = await hops_of(scene, database_url=database_url)  # type: ignore[arg-type]  # one of the two above
    assert 0 < hops.files <= files, HOW
    assert 0 < hops.number <= calls, HOW
