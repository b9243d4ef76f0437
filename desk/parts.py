"""The parts that each subject provides: privacy, checks, jobs and reactors, as the loops over all subjects use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.periods import USUAL_REST, Periods, Rest
from desk.storage.base import WriteSession
from desk.storage.scrubbing import ERASED


class Fate(StrEnum):
    """What erasing does to a column."""

    EMPTIED = "emptied"
    REPLACED = "replaced"
    """Replaced by a value that leads to nobody."""
    DELETED = "deleted"
    """Deleted together with its row."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The column stays as it is; `why` says why that leads to nobody or is required."""

    why: str


@dataclass(slots=True, kw_only=True)
class Leaving:
    """A chat whose person erases their data, and what the subjects pass to each other meanwhile."""

    conversation_id: int
    channel: str
    bot: str
    chat: str
    now: datetime
    rest: Rest = USUAL_REST
    """How long the places that it gives back rest."""
    keeps_complaints: bool = False
    """Whether complaints that wait for an answer go on without anything that leads to the chat."""
    person_ids: set[int] = field(default_factory=set)
    """The people of this chat; each is deleted where nothing else refers to them."""
    bounds_stay: bool = False
    """Whether counts of the chat are kept until their limits are over."""

    @property
    def actor(self) -> Actor:
        """The person in this chat, as the actor of cancellations and withdrawals."""
        return Actor.chat(self.conversation_id)


class ErasedKind(StrEnum):
    """What can be erased by itself."""

    CHAT = "conversation"
    LISTED = "known_person"
    """Somebody on the list of a chat."""
    APPOINTMENT = "appointment"
    """Whose it was; the appointment stays as a count."""
    REQUEST = "standing_request"
    """Whose it was; it stays as a count."""
    CASE = "case"
    """Everything that was written in it; it stays as a count."""


class FindsHeld(Protocol):
    """Returns the ids of all rows of a kind in which something is left to erase; it only reads."""

    def __call__(self, session: Session) -> Iterable[int]: ...


class ErasesAgain(Protocol):
    """Erases these rows as they were erased before a back-up brought them back."""

    def __call__(self, session: WriteSession, ids: Sequence[int], *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Again:
    """How what a restored back-up brought back is erased again."""

    kind: ErasedKind
    held: FindsHeld
    erase: ErasesAgain


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What a subject holds of people: its columns, the counts shown before erasing, and how it erases."""

    columns: Mapping[str, Fate | Kept]
    """Every column that can say something about a person, as `table.column`, with what erasing does to it."""
    count: Callable[[Session, int], Mapping[str, int]] | None = None
    """Counts of what is held about a conversation, by name; None = nothing to count."""
    erase: Callable[[WriteSession, Leaving], None] | None = None
    """Erases everything that leads to the chat or its people; None = nothing here belongs to a chat."""
    again: Again | None = None
    """For what it notes as erased: see `desk.tombstones`."""


Checks = Mapping[str, TextClause]
"""The invariants of a subject by name: each a query that finds the rows that break it."""


def finds(breaks: str, **sets: Iterable[StrEnum]) -> TextClause:
    """The query of an invariant; `IN :name` stands for the members given as `name`."""
    members = {name: sorted(each.value for each in values) for name, values in sets.items()}
    return text(breaks).bindparams(*(bindparam(name, value=values, expanding=True) for name, values in members.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event as reactors of higher subjects receive it, in the transaction that wrote it."""

    kind: str
    subject: str
    """The subject of the event: `office:7`."""
    actor: Actor
    old: Mapping[str, Any] = field(default_factory=dict)
    """The values that differ, as they were before."""
    new: Mapping[str, Any] = field(default_factory=dict)
    now: datetime

    @property
    def id(self) -> int:
        """The id in `subject`."""
        return int(self.subject.partition(":")[2])


class Reactor(Protocol):
    """Runs in the transaction of the event; an exception rolls back the event and its action."""

    def __call__(self, session: WriteSession, happened: Happened) -> None: ...


Reactors = Mapping[str, Reactor]
"""The reactors of a subject, by the kind of event of a subject below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedPlaces:
    """Places of a queue and day (None = of any day) that became free: `places` of one slot, or (None) some."""

    queue_id: int
    office_id: int
    day: date | None
    slot_id: int | None
    places: int | None


class KeepsFreed(Protocol):
    """Takes of these places what somebody waits for; it runs in the transaction that freed them."""

    def __call__(self, session: WriteSession, freed: FreedPlaces) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSetApart:
    """How many places of a slot are to be set apart for the desk and for people without an appointment, until when."""

    slot_id: int
    desk: int
    walk_in: int
    desk_until: datetime
    walk_in_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingApart:
    """What sets places of slots apart, in the transaction that plans them."""

    let_go: Callable[[WriteSession, Sequence[int]], None]
    """Gives back what is set apart of these slots and not used; nobody is told, since they are planned anew."""
    set_apart: Callable[[WriteSession, Sequence[ToSetApart], datetime], None]
    """Sets apart what is free of that, beside what is used of it already; the moment is that of the planning."""
    used: Callable[[WriteSession, Sequence[int]], Mapping[int, tuple[int, int]]]
    """How many places of the desk and of people without an appointment are used, of the slots that have such."""


class RunInBatches(Protocol):
    """Handles at most `limit` due rows in the given transaction; returns their number."""

    def __call__(self, session: WriteSession, *, now: datetime, limit: int) -> int: ...


class RunForOne(Protocol):
    """Handles one due row."""

    def __call__(self, session: WriteSession, *, id: int, now: datetime) -> None: ...


class FindsDue(Protocol):
    """Returns the ids of due rows; it only reads."""

    def __call__(self, session: Session, *, now: datetime) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job of the timetable that runs in batches, each in a transaction; two processes may run it at once."""

    name: str
    every: timedelta
    run: RunInBatches
    batch: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class JobForEach:
    """A job of the timetable that finds due rows and handles each in a transaction of its own."""

    name: str
    every: timedelta
    due: FindsDue
    run: RunForOne


class RunBefore(Protocol):
    """Erases at most `limit` rows of before that moment; returns their number."""

    def __call__(self, session: WriteSession, *, before: datetime, limit: int) -> int: ...


class FindsOld(Protocol):
    """Returns the ids of at most `limit` rows of before that moment, which its job has to erase; it only reads."""

    def __call__(self, session: Session, *, before: datetime, limit: int) -> Sequence[int]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOfPeriod:
    """A job of the timetable that erases what is kept for a period of the settings; `verify` asks it what is left."""

    name: str
    every: timedelta
    period: Callable[[Periods], timedelta]
    old: FindsOld
    run: RunBefore
    batch: int = 500

    def within(self, periods: Periods) -> Job:
        """The same job with the period of this installation; what it erased is not left in the files either."""
        kept = self.period(periods)

        def run(session: WriteSession, *, now: datetime, limit: int) -> int:
            done = self.run(session, before=now - kept, limit=limit)
            if done:
                session.announce(ERASED)
            return done

        return Job(name=self.name, every=self.every, run=run, batch=self.batch)


AnyJob = Job | JobForEach | JobOfPeriod
