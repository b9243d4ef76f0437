"""The desk that the simulation runs on: the real actions and queries on an SQLite file, with a clock that is set."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from benchmarks.fairness.parameters import Parameters
from benchmarks.fairness.people import FIRST_DAY, households, identity_of, moment, paper_of
from desk.calendar import local_day_of
from desk.capacity.actions import materialise
from desk.capacity.freed import PLACES
from desk.capacity.models import Slot
from desk.capacity.queries import first_free
from desk.capacity.rows import FreeSlot
from desk.conversations.rules import ChatLimits
from desk.refusals import Refusal
from desk.storage.base import KEYS as CARRIED
from desk.storage.base import WriteSession
from desk.storage.engine import sqlite_engine
from desk.storage.migrate import upgrade
from desk.storage.upsert import table_of
from desk.waiting.offer_rules import BEFORE_OPENING
from tests.keys import KEYS
from tests.makers import TODAY, make_conversation, make_office, make_person, make_queue, make_service
from tests.makers_hours import make_rule
from tests.prepared import whole

P = ParamSpec("P")
T = TypeVar("T")
_slots = table_of(Slot)
_OPENS = 8 * 60
_MINUTES = 15
_MOST_STARTS = 100


@dataclass(frozen=True, slots=True)
class Laid:
    """What the prepared file holds: the ids of all that the simulation acts on."""

    path: Path
    service: int
    offices: tuple[int, ...]
    chats: tuple[int, ...]
    """A chat for each household of `people.households`."""
    people: tuple[tuple[int, ...], ...]
    accounts: tuple[int, ...]
    """The chats of the broker."""


def lay_out(path: Path, given: Parameters) -> Laid:
    """Make the file that every run begins with a copy of."""
    upgrade(f"sqlite:///{path}", keys=KEYS)
    engine = sqlite_engine(f"sqlite:///{path}", begin="BEGIN IMMEDIATE")
    with WriteSession(engine, info={CARRIED: KEYS}, expire_on_commit=False) as session:
        laid = _fill(session, path, given)
        session.commit()
    engine.dispose()
    whole(path)
    return laid


def _fill(session: WriteSession, path: Path, given: Parameters) -> Laid:
    demand = given.demand
    service = make_service(session)
    service.days_ahead, service.opens_at = demand.days_ahead, demand.opens_at
    offices = [make_office(session) for _ in range(demand.offices)]
    first = FIRST_DAY + demand.days_ahead
    days = [TODAY + timedelta(days=first + number) for number in range(demand.days)]
    for office in offices:
        queue = make_queue(session, office=office, services=[service])
        for weekday in range(7):
            closes = _OPENS + _MINUTES * demand.places_a_day
            make_rule(session, queue=queue, weekday=weekday, opens=_OPENS, closes=closes, counters=1)
        materialise(session, queue_id=queue.id, days=days, now=moment(0))
    chats, people = [], []
    for numbers in households(given):
        chat = make_conversation(session)
        known = [
            make_person(
                session,
                conversation=chat,
                identity_hash=identity_of(number).hash,
                document_kind=paper_of(number),
            )
            for number in numbers
        ]
        chats.append(chat.id)
        people.append(tuple(each.id for each in known))
        session.expunge_all()
    accounts = tuple(make_conversation(session).id for _ in range(given.broker.accounts))
    return Laid(path, service.id, tuple(each.id for each in offices), tuple(chats), tuple(people), accounts)


class DeskUnderTest:
    """A copy of the prepared file, and the moment that every action is told."""

    def __init__(self, laid: Laid, path: Path, given: Parameters, *, limits: ChatLimits) -> None:
        self.laid, self.given, self.limits = laid, given, limits
        shutil.copyfile(laid.path, path)
        self._engine = sqlite_engine(f"sqlite:///{path}", begin="BEGIN IMMEDIATE")
        self._connection = self._engine.connect()
        self.now = moment(0)
        self.is_woken = False
        """Whether a place became free since the broker looked last."""
        self.writes = 0
        self._free: dict[int, list[FreeSlot]] = {}
        self._free_of: date | None = None
        self._keys = 0

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()

    def key(self) -> str:
        """A key that no action had before."""
        self._keys += 1
        return f"fair:{self._keys}"

    def do(self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **given: P.kwargs) -> T | Refusal:
        """Let the action be done and committed, or roll it back and return its refusal."""
        session = WriteSession(self._connection, expire_on_commit=False, info={CARRIED: KEYS})
        try:
            with session, self._connection.begin():
                done = action(session, *args, **given)
                session.flush()
        except Refusal as refusal:
            return refusal
        if any(each.subject == PLACES for each in session.changes):
            self.is_woken = True
        self._free.clear()
        self.writes += bool(done)
        return done

    def ask(self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **given: P.kwargs) -> T:
        """The answer of a query."""
        with WriteSession(self._connection, info={CARRIED: KEYS}) as session, self._connection.begin():
            return query(session, *args, **given)

    @property
    def last_open(self) -> date:
        """The last day that everybody can book."""
        demand = self.given.demand
        return local_day_of(self.now - timedelta(minutes=demand.opens_at)).plus(demand.days_ahead).date

    @property
    def opens_next(self) -> tuple[date, date]:
        """The last day that everybody can book, and the last that those who wait are looked for."""
        demand = self.given.demand
        soon = self.now + BEFORE_OPENING - timedelta(minutes=demand.opens_at)
        return self.last_open, local_day_of(soon).plus(demand.days_ahead).date

    def free(self, offices: Sequence[int]) -> list[FreeSlot]:
        """The times that anybody sees free at these offices, the soonest first."""
        if self._free_of != self.last_open:
            self._free_of = self.last_open
            self._free.clear()
        if not self._free and not self.ask(_is_any_free, last=self.last_open):
            self._free = {office: [] for office in range(len(self.laid.offices))}
        for office in offices:
            if office not in self._free:
                self._free[office] = self.ask(
                    first_free,
                    service_id=self.laid.service,
                    office_ids=[self.laid.offices[office]],
                    after=self.now,
                    limit=_MOST_STARTS,
                )
        found = [slot for office in offices for slot in self._free[office] if slot.starts_at > self.now]
        return sorted(found, key=lambda slot: (slot.starts_at, slot.slot_id))

    def office_of(self, office_id: int) -> int:
        """Which of the offices it is, from 0 on."""
        return self.laid.offices.index(office_id)


def _is_any_free(session: Session, *, last: date) -> bool:
    found = select(_slots.c.id).where(literal_column("slots.is_open"), _slots.c.day <= last).limit(1)
    return session.execute(found).first() is not None
