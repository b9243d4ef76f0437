"""The lines of the file of tombstones: each says that something was erased, and of what day, but not what or whose.

A line is JSON and all are of one length: its number, the day, the name of the key, the keyed hash of what was erased,
and a hash over all of that and the line before. So a copy that is whole, and how far a database knows it, can be told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final

NAME: Final = "erased"
"""The name under which a line holds its values; other lines of the same file are something else."""
BEGUN: Final = "0" * 8
"""In place of the name of a key: the first line of a file, which stands for nothing that was erased."""
LENGTH: Final = 32
"""Hex digits of the hash over the lines so far."""


class NotTombstones(Exception):
    """No file of tombstones, or not a whole one; `place` is the line that is not what it should be."""

    def __init__(self, place: int) -> None:
        super().__init__(f"line {place} is no tombstone that follows the one before")
        self.place = place


@dataclass(frozen=True, slots=True)
class Known:
    """How far a file is: the number of its last line, and the hash over all of them."""

    lines: int = 0
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file."""

    number: int
    day: date
    """On which it was written, within a minute after the erasing."""
    key: str
    """The name of the key that it was hashed with."""
    mark: str
    chain: str

    @property
    def known(self) -> Known:
        """How far the file is with this line."""
        return Known(self.number, self.chain)

    def __str__(self) -> str:
        told = {NAME: f"{self.number:012}", "day": self.day.isoformat(), "key": self.key}
        return json.dumps({**told, "mark": self.mark, "chain": self.chain}, separators=(",", ":"))


WIDTH: Final = len(str(Line(1, date.min, "0" * 8, "0" * 32, "0" * LENGTH)).encode()) + 1
"""Bytes of a line with its end."""


def line_after(before: Known, *, day: date, key: str, mark: str) -> Line:
    """The line that says this behind the lines so far."""
    told = "\n".join([before.chain, str(before.lines + 1), day.isoformat(), key, mark])
    return Line(before.lines + 1, day, key, mark, sha256(told.encode()).hexdigest()[:LENGTH])


def read(written: Iterable[str]) -> list[Line]:
    """The tombstones among the lines of a file, in order. Raises NotTombstones."""
    found: list[Line] = []
    for place, each in enumerate(written, start=1):
        if f'"{NAME}"' not in each:
            continue
        try:
            told = json.loads(each)
            day = date.fromisoformat(told["day"])
            line = Line(int(told[NAME]), day, str(told["key"]), str(told["mark"]), str(told["chain"]))
        except (ValueError, KeyError, TypeError) as error:
            raise NotTombstones(place) from error
        if found or line.number == 1:
            before = found[-1].known if found else Known()
            if line != line_after(before, day=line.day, key=line.key, mark=line.mark):
                raise NotTombstones(place)
        found.append(line)
    return found


def behind(known: Known, lines: Sequence[Line]) -> list[Line] | None:
    """The lines behind those that are known, of a copy that has at least the last of these; None = it does not fit."""
    later = [line for line in lines if line.number > known.lines]
    last = next((line for line in lines if line.number == known.lines), None)
    if last is not None:
        fits = last.known == known
    elif later:
        fits = later[0] == line_after(known, day=later[0].day, key=later[0].key, mark=later[0].mark)
    else:
        fits = not lines and known == Known()
    return later if fits else None
