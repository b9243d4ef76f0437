"""What the desk has to be after any history of bookings, in plain Python, and the database it is compared with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete

from desk.appointments.refusals import SlotPassed, SlotTaken
from desk.appointments.rules import HOLDS_A_PLACE, AppointmentState
from desk.calendar import local_day_of
from desk.places.rules import LONGEST_KEPT, REST_FROM_KEEPING
from desk.refusals import Refusal
from desk.schema import metadata
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import (
    NOW,
)

COUNTERS = 2


@dataclass
class ModelSlot:
    id: int
    starts_at: datetime
    day: date
    planned: int = COUNTERS


@dataclass
class ModelAppointment:
    id: int
    chat: int
    person: int
    service: int
    slot: int
    state: AppointmentState = AppointmentState.BOOKED
    is_live: bool = True
    is_contested: bool = False
    came: bool = False
    household: int | None = None
    """The household with which it shares a place where they come at one slot; None = it has a place of its own."""


@dataclass
class Desk:
    """The desk as it should be."""

    now: datetime = NOW
    slots: list[ModelSlot] = field(default_factory=list)
    appointments: list[ModelAppointment] = field(default_factory=list)
    holds: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    kept_since: dict[int, datetime] = field(default_factory=dict)
    """By chat: when its present series of kept places began."""
    resting: list[tuple[int, datetime]] = field(default_factory=list)
    """The slots of places that were given back and are not offered yet, and until when."""
    known: set[str] = field(default_factory=set)
    """Under which names they rested."""

    @property
    def today(self) -> date:
        return local_day_of(self.now).date

    def taken(self, slot: int) -> int:
        there = [each for each in self.appointments if each.slot == slot and each.state in HOLDS_A_PLACE]
        alone = sum(each.household is None for each in there)
        appointments = alone + len({each.household for each in there} - {None})
        return appointments + sum(kept == slot for kept, _ in (*self.holds.values(), *self.resting))

    def shares_there(self, appointment: ModelAppointment, slot: int) -> bool:
        """Whether another of its household has a place of this slot."""
        return appointment.household is not None and any(
            other is not appointment
            and other.household == appointment.household
            and other.slot == slot
            and other.state in HOLDS_A_PLACE
            for other in self.appointments
        )

    def has_room(self, slot: int) -> bool:
        return self.slots[slot].planned > self.taken(slot)

    def live(self, person: int, service: int) -> list[ModelAppointment]:
        """The live appointments of a person and service: the first and a contested one, never two of a chat."""
        found = [
            appointment
            for appointment in self.appointments
            if appointment.is_live and (appointment.person, appointment.service) == (person, service)
        ]
        assert len({appointment.is_contested for appointment in found}) == len(found)
        assert len({appointment.chat for appointment in found}) == len(found)
        return found

    def is_present(self, appointment: ModelAppointment) -> bool:
        return self.slots[appointment.slot].day >= self.today

    def is_contested(self, person: int, service: int, *, chat: int) -> bool:
        """Whether an appointment that this chat books now is contested."""
        return any(
            not other.is_contested and other.chat != chat and self.is_present(other)
            for other in self.live(person, service)
        )

    def has_room_beside(self, appointment: ModelAppointment, *, is_contested: bool) -> bool:
        """Whether it may be live beside the other live ones."""
        others = [other for other in self.live(appointment.person, appointment.service) if other is not appointment]
        return all(other.is_contested is not is_contested and other.chat != appointment.chat for other in others)

    def place_refusal(self, slot: int, chat: int) -> type[Refusal] | None:
        """Why this chat can't have a place of this slot."""
        if self.slots[slot].starts_at <= self.now:
            return SlotPassed
        held = self.holds.get(chat)
        if self.slots[slot].planned == 0 or not (self.has_room(slot) or (held is not None and held[0] == slot)):
            return SlotTaken
        return None

    def keeping_since(self, chat: int) -> datetime:
        """When the series began that a place kept for this chat now belongs to."""
        since = self.kept_since.get(chat)
        return self.now if since is None or since <= self.now - LONGEST_KEPT - REST_FROM_KEEPING else since


class Database:
    """Plain calls on the storage under test."""

    def __init__(self, url: str) -> None:
        self._runner, self._url = asyncio.Runner(), url
        self._start()

    def _start(self) -> None:
        self._storage = Storage(self._url, keys=KEYS, pool_size=2)
        self._runner.run(self._storage.start())

    def restart(self) -> None:
        """Go on with nothing but what is stored, as after a crash."""
        self._runner.run(self._storage.stop())
        self._start()

    def write(self, work: Callable[..., Any], **kwargs: Any) -> Any:
        """Run and commit; a refusal is the answer, and what surrounds it is committed all the same."""

        def attempt(session: WriteSession) -> Any:
            try:
                return work(session, **kwargs)
            except Refusal as refusal:
                return refusal

        return self._runner.run(self._storage.write(attempt))

    def read(self, query: Callable[..., Any]) -> Any:
        return self._runner.run(self._storage.read(query))

    def empty(self) -> None:
        def clean(session: WriteSession) -> None:
            for table in reversed(metadata().sorted_tables):
                session.execute(delete(table))

        self.write(clean)

    def close(self) -> None:
        self._runner.run(self._storage.stop())
        self._runner.close()
