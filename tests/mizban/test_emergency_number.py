"""A number for people in danger is told as the operator set it, and is a number."""

from __future__ import annotations

import pytest

from mizban.settings import WrongSetting, load_settings


def test_no_number_is_told_unless_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIZBAN_EMERGENCY_NUMBER", raising=False)
    assert load_settings().emergency_number == ""
    monkeypatch.setenv("MIZBAN_EMERGENCY_NUMBER", "123")
    assert load_settings().emergency_number == "123"


@pytest.mark.parametrize("typed", ["12", "call 123", "0912 345 6789", "۱۲۳", "1" * 16])
def test_what_cannot_be_called_is_refused(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZBAN_EMERGENCY_NUMBER", typed)
    with pytest.raises(WrongSetting, match="MIZBAN_EMERGENCY_NUMBER is not a telephone number"):
        load_settings()
