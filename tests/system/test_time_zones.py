"""Tehran's clock is that of the pinned `tzdata`, whatever time zones the machine has."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUMMER = """
from datetime import UTC, datetime
{before}
from desk.calendar import local_day_of
from desk.values import LocalMoment
moment = LocalMoment(datetime(2026, 7, 1, 20, 45, tzinfo=UTC))
print(moment.clock.hour, moment.clock.minute, moment.day.date, local_day_of(moment.instant, zone="Asia/Tehran").date)
"""
MADE_BEFORE = "from zoneinfo import ZoneInfo; kept = ZoneInfo('Asia/Tehran')"


@pytest.mark.parametrize("before", ["", MADE_BEFORE], ids=["first", "after a zone of somebody else"])
def test_old_zone_files_of_the_machine_move_no_appointment(tmp_path: Path, before: str) -> None:
    # Any other clock shows whether the file was read: Baku's is half an hour ahead.
    old = tmp_path / "Asia" / "Tehran"
    old.parent.mkdir()
    old.write_bytes(files("tzdata").joinpath("zoneinfo", "Asia", "Baku").read_bytes())

    told = subprocess.run(
        [sys.executable, "-c", SUMMER.format(before=before)],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == ["0", "15", "2026-07-02", "2026-07-02"]


def test_zones_are_made_in_one_place() -> None:
    makers = [
        path.relative_to(ROOT).as_posix()
        for part in ("desk", "bot", "backoffice", "mizban", "emulator")
        for path in (ROOT / part).rglob("*.py")
        if "migrations" not in path.parts  # what has landed there stays as it is, whatever becomes of the values
        if "zoneinfo import" in path.read_text() or "import zoneinfo" in path.read_text()
    ]
    assert makers == ["desk/values.py"]
