"""Copies of the sealed history, line by line: each event as it was hashed, and behind a batch its seal.

A copy that is kept on another machine shows what was changed here afterwards, also where somebody made all seals anew;
and it says by itself whether it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from desk.events.sealing import Sealed, hash_of, held_by, is_as_copied, sealed
from desk.periods import USUAL_PERIODS


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy holds: the seals by number, and the numbers of those that do not fit their events."""

    seals: dict[int, str]
    broken: tuple[int, ...]
    events: int


class NotACopy(Exception):
    """A line is none of a copied history; `line` counts from one."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def lines(session: Session, *, after: int = 0) -> Iterator[str]:
    """The sealed events with their seals as JSON, one a line, of the seals after `after`."""
    for batch in sealed(session, after=after):
        for event in batch.events:
            yield json.dumps({"event": held_by(event)}, sort_keys=True, ensure_ascii=False)
        yield json.dumps({"seal": _seal(batch)}, sort_keys=True)


def _seal(batch: Sealed) -> dict[str, Any]:
    return {
        "id": batch.id,
        "before": batch.before,
        "events": batch.number,
        "hash": batch.hash,
        "is_emptied": batch.is_emptied,
    }


def read(copied: Iterable[str]) -> Copied:
    """Compute the seals of a copy anew.

    Raises:
        NotACopy: a line is no JSON, or neither an event nor a seal.
    """
    seals: dict[int, str] = {}
    broken: list[int] = []
    batch: list[Any] = []
    tip: str | None = None
    events = 0
    for place, line in enumerate(copied, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            if "erased" in given:  # a tombstone, which travels along
                continue
            if "event" in given:
                batch.append(given["event"])
                continue
            seal = given["seal"]
            id, before, hash = int(seal["id"]), str(seal["before"]), str(seal["hash"])
            is_empty, number = bool(seal["is_emptied"]), int(seal["events"])
        except (ValueError, KeyError, TypeError) as error:
            raise NotACopy(place) from error
        fits = before == (before if tip is None else tip)
        fits = fits and (not batch if is_empty else len(batch) == number and hash_of(before, batch) == hash)
        if not fits:
            broken.append(id)
        seals[id], tip = hash, hash
        events, batch = events + len(batch), []
    return Copied(seals, (*broken, *([0] if batch else [])), events)


def differing(session: Session, *, copied: Copied, now: datetime, kept: timedelta = USUAL_PERIODS.history) -> list[int]:
    """The seals of a copy that the history does not have as they were copied; those of deleted old events are none."""
    return [
        id
        for id, hash in copied.seals.items()
        if is_as_copied(session, seal_id=id, hash=hash, now=now, kept=kept) is False
    ]
