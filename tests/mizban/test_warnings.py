"""What the start tells the operator, though nothing stops for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mizban import process
from mizban.process import ProcessRole
from mizban.settings import Settings


@pytest.mark.parametrize(
    ("role", "is_told"),
    [
        (ProcessRole.SERVE, True),
        (ProcessRole.WORKER, True),
        (ProcessRole.WEB, False),
        (ProcessRole.BOT, False),
    ],
)
def test_who_sends_tickets_is_told_that_they_have_no_words(
    role: ProcessRole, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(process, "complain", told.append)

    process.warn(Settings(home=tmp_path), role)
    assert told == []

    monkeypatch.setattr("PIL.features.check", lambda name: False)
    process.warn(Settings(home=tmp_path), role)
    assert [("without words" in line, "libfribidi0" in line) for line in told] == [(True, True)] * is_told
