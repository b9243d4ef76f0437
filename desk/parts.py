"""What a subject hands over to those who go through all subjects: what it holds of people, its promises, its duties,
and what follows for it from what happens below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.storage.base import WriteSession


class Fate(StrEnum):
    """What becomes of a column when the person it tells of erases their data."""

    EMPTIED = "emptied"
    REPLACED = "replaced"
    """By a value that leads to nobody."""
    DELETED = "deleted"
    """Together with its row."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The column stays as it is, and why that leads to nobody or has to be."""

    why: str


@dataclass(slots=True, kw_only=True)
class Leaving:
    """A chat whose person erases their data, and what the subjects tell each other while they do it."""

    conversation_id: int
    channel: str
    bot: str
    chat: str
    key: bytes
    """Seals the mark under which the bounds of the chat outlive it for a day; empty = they don't."""
    now: datetime
    person_ids: set[int] = field(default_factory=set)
    """Persons whom this chat has named; each is deleted where nothing else names them."""
    bounds_stay: bool = False
    """Whether bounds that the chat has met are kept for a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What a subject holds of people, what it counts when they ask for it, and how it erases it."""

    columns: Mapping[str, Fate | Kept]
    """Every column that can tell of somebody, as `table.column`, with what erasing does to it."""
    count: Callable[[Session, int], Mapping[str, int]] | None = None
    """What is held of this conversation, by name; None = nothing that is worth counting."""
    erase: Callable[[WriteSession, Leaving], None] | None = None
    """Takes out everything that leads to the chat or its people; None = nothing here is the chat's."""


Checks = Mapping[str, TextClause]
"""The promises of a subject by name: each a query that finds the rows in which the promise is broken."""


def finds(breaks: str, **sets: Iterable[StrEnum]) -> TextClause:
    """The query of a promise; `IN :name` stands for the members given as `name`."""
    members = {name: sorted(each.value for each in values) for name, values in sets.items()}
    return text(breaks).bindparams(*(bindparam(name, value=values, expanding=True) for name, values in members.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What a subject has just done, as those above it hear of it: the event, in the transaction that wrote it."""

    kind: str
    subject: str
    """What it was done to: `office:7`."""
    actor: Actor
    old: Mapping[str, Any] = field(default_factory=dict)
    """The values that differ, as they were before."""
    new: Mapping[str, Any] = field(default_factory=dict)
    now: datetime

    @property
    def id(self) -> int:
        """The number in `subject`."""
        return int(self.subject.partition(":")[2])


Reactor = Callable[[WriteSession, Happened], None]
"""Does, in the same transaction, what follows for its subject. What it raises takes back what happened."""
Reactors = Mapping[str, Reactor]
"""The reactors of a subject, by the kind of event of a subject below it."""


class RunInBatches(Protocol):
    """Does at most `limit` of what is due, in the transaction it is given; how many rows that were."""

    def __call__(self, session: WriteSession, *, now: datetime, limit: int) -> int: ...


class RunForOne(Protocol):
    """Does what is due for one row."""

    def __call__(self, session: WriteSession, *, id: int, now: datetime) -> None: ...


class Due(Protocol):
    """The ids of the rows for which something is due; it only reads."""

    def __call__(self, session: Session, *, now: datetime) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A duty of the timetable that is done in batches, a transaction each; harmless when two run at once."""

    name: str
    every: timedelta
    run: RunInBatches
    batch: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class JobForEach:
    """A duty of the timetable that looks for rows and takes a transaction for each of them."""

    name: str
    every: timedelta
    due: Due
    run: RunForOne


AnyJob = Job | JobForEach
