"""People who pay nobody: they look twice a day, wait where nothing is free, and answer what is offered to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from benchmarks.fairness.course import Course
from benchmarks.fairness.people import Party, moment
from desk.capacity.rows import FreeSlot
from desk.refusals import Refusal

_QUARTER = timedelta(minutes=15)
_DAY = timedelta(days=1)


class HonestParty:
    """One household, with a chat of its own."""

    def __init__(self, course: Course, party: Party) -> None:
        self.course, self.party = course, party
        self.has_asked = False
        self.has_ended = False
        """It has had an appointment, or does not want one any more."""
        honest = course.given.honest
        for minutes in (course.chance.randrange(honest.wakes, honest.sleeps) for _ in range(honest.looks_a_day)):
            first = moment(0, minutes)
            while first < party.wants_at:
                first += _DAY
            course.at(first, self._look_each_day)

    def _look_each_day(self) -> None:
        if self.has_ended:
            return
        self.look()
        self.course.at(self.course.desk.now + _DAY, self._look_each_day)

    def look(self) -> None:
        """Book what is free, or begin to wait."""
        free = self.course.desk.free(self.party.offices)
        for slots in self._fitting(free):
            booked = self.course.book(self.party, slots, chat=self.party.chat)
            if not isinstance(booked, Refusal):
                self.course.stop_waiting(self.party, chat=self.party.chat)
                self.have(booked)
                return
        if self.course.regime.waits and not self.has_asked:
            self.has_asked = self.course.wait(self.party, chat=self.party.chat, answers=self.answer_later)

    def _fitting(self, free: Sequence[FreeSlot]) -> Sequence[tuple[int, ...]]:
        """The slots to try, the soonest first."""
        if len(self.party.people) == 1:
            return [(slot.slot_id,) for slot in free[:3]]
        by_office = sorted(free, key=lambda slot: (slot.office_id, slot.starts_at))
        return [
            (one.slot_id, other.slot_id)
            for one, other in pairwise(by_office)
            if one.office_id == other.office_id and other.starts_at - one.starts_at == _QUARTER
        ][:3]

    def have(self, appointments: Sequence[int]) -> None:
        """They have appointments; some give them back later."""
        self.party.appointments = list(appointments)
        self.has_ended = True
        now = self.course.desk.now
        if self.course.chance.random() < self.course.given.honest.cancels:
            _office, starts = self.course.place_of(self.party.appointments[0])
            self.course.at(now + (starts - now) * self.course.chance.random(), self._cancel)

    def _cancel(self) -> None:
        for appointment_id in self.party.appointments:
            self.course.cancel(appointment_id, chat=self.party.chat)

    def answer_later(self, offer_id: int) -> None:
        """Answer an offer that arrived, after a while; some never do."""
        when = self.when_answered()
        if when is not None:
            self.course.at(when, lambda: self._answer(offer_id))

    def when_answered(self) -> datetime | None:
        """When these people answer a message that arrives now; None = never."""
        honest, chance = self.course.given.honest, self.course.chance
        if chance.random() >= honest.answers:
            return None
        median = honest.answer_median.total_seconds()
        when = self.course.desk.now + timedelta(seconds=chance.lognormvariate(math.log(median), honest.answer_spread))
        day = (when - moment(0)) // _DAY
        awake, asleep = moment(day, honest.wakes), moment(day, honest.sleeps)
        if when < awake:
            return awake + timedelta(minutes=chance.randrange(60))
        return when if when < asleep else moment(day + 1, honest.wakes) + timedelta(minutes=chance.randrange(60))

    def when_confirmed(self) -> datetime | None:
        """When they confirm a place that was drawn for them; None = they do not."""
        return self.when_answered() if self.accepts() else None

    def accepts(self) -> bool:
        return self.course.chance.random() < self.course.given.honest.accepts

    def _answer(self, offer_id: int) -> None:
        if self.has_ended:
            return
        if not self.accepts():
            self.course.decline(offer_id, chat=self.party.chat)
            return
        booked = self.course.accept(offer_id, chat=self.party.chat)
        if booked:
            self.have(booked)


def begin(course: Course, parties: Sequence[Party]) -> list[HonestParty]:
    """Let all these people act from the moment on at which they want an appointment."""
    return [HonestParty(course, party) for party in parties]
