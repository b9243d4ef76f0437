"""Moves a file out of the way of another that takes its name, so that nothing is lost."""

from __future__ import annotations

from pathlib import Path

from mizban.troubles import Trouble


def set_aside(path: Path) -> Path | None:
    """Give the file another name beside its own, which is returned; None = it is not there. Raises `Trouble`."""
    if not path.exists():
        return None
    for number in range(1, 1000):
        aside = path.with_name(f"{path.name}.before-restore-{number}")
        if not aside.exists():
            return path.rename(aside)
    raise Trouble(f"There are too many old copies beside {path}; remove some.")
