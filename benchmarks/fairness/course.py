"""What happens in the simulation in the order of time, and what all who take part can do at the desk."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import select

from benchmarks.fairness.desk_under_test import DeskUnderTest
from benchmarks.fairness.parameters import Parameters
from benchmarks.fairness.people import Party
from desk.acting import Actor
from desk.appointments.actions import book, cancel
from desk.appointments.models import Appointment
from desk.codes import CodeKind, TrackingCode
from desk.people.rules import DocumentKind
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting import actions as waiting
from desk.waiting.models import StandingRequest
from desk.waiting.rows import StandingWish
from desk.waiting.rules import EVERY_PART, EVERY_WEEKDAY, MOST_DAYS
from tests.makers import TODAY

_appointments, _requests = table_of(Appointment), table_of(StandingRequest)


@dataclass(frozen=True, slots=True)
class Regime:
    """How places come to people; what is switched off here is off by the parameters that an operator sets too."""

    name: str
    title: str
    has_limits: bool = False
    waits: bool = False
    """Whether people can wait, and what becomes free goes to them first."""
    draws: bool = False


@dataclass
class Course:
    """The events of one run, and the clock."""

    desk: DeskUnderTest
    given: Parameters
    regime: Regime
    chance: Random
    answers: dict[int, Callable[[int], None]] = field(default_factory=dict)
    """By request: what its owner does with an offer that arrived."""
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    after_each: Callable[[], None] = lambda: None

    def at(self, moment: datetime, happens: Callable[[], None]) -> None:
        """Let this happen at the moment, or now where it is over."""
        heapq.heappush(self._events, (max(moment, self.desk.now), next(self._numbers), happens))

    def every(self, step: timedelta, happens: Callable[[], None], *, first: datetime) -> None:
        """Let this happen again and again."""

        def again() -> None:
            happens()
            self.at(self.desk.now + step, again)

        self.at(first, again)

    def run(self, until: datetime) -> None:
        while self._events and self._events[0][0] < until:
            self.desk.now, _number, happens = heapq.heappop(self._events)
            happens()
            self.after_each()

    # -- what somebody does at the desk

    def book(
        self,
        party: Party,
        slot_ids: Sequence[int],
        *,
        chat: int,
        before: Callable[[WriteSession, Sequence[int]], None] = lambda session, slots: None,
    ) -> list[int] | Refusal:
        """Book a time for each of the people, all or none; `before` is done in the same transaction."""

        def all_of_them(session: WriteSession) -> list[int]:
            before(session, slot_ids)
            return [
                book(
                    session,
                    idem_key=self.desk.key(),
                    actor=Actor.chat(chat),
                    slot_id=slot_id,
                    service_id=self.desk.laid.service,
                    person_id=person,
                    person_name="گل‌آقا رحیمی",
                    document_kind=paper,
                    code=TrackingCode.make(CodeKind.APPOINTMENT, source=self.chance),
                    limits=self.desk.limits,
                    now=self.desk.now,
                ).appointment_id
                for slot_id, person, paper in zip(slot_ids, party.people, party.papers, strict=True)
            ]

        return self.desk.do(all_of_them)

    def cancel(self, appointment_id: int, *, chat: int) -> bool:
        """Give an appointment back; False = it was none any more."""
        done = self.desk.do(
            cancel,
            appointment_id=appointment_id,
            actor=Actor.chat(chat),
            rest=self.desk.limits.rest,
            now=self.desk.now,
        )
        return not isinstance(done, Refusal)

    def wait(self, party: Party, *, chat: int, answers: Callable[[int], None]) -> bool:
        """Let the party wait for a place at its offices; False = it was refused."""
        made = self.desk.do(
            waiting.ask,
            idem_key=self.desk.key(),
            actor=Actor.chat(chat),
            service_id=self.desk.laid.service,
            person_ids=list(party.people),
            wish=StandingWish(
                weekdays=EVERY_WEEKDAY,
                parts=EVERY_PART,
                from_day=TODAY,
                until_day=TODAY + timedelta(days=MOST_DAYS),
                office_ids=tuple(self.desk.laid.offices[office] for office in party.offices),
            ),
            now=self.desk.now,
        )
        if isinstance(made, Refusal):
            return False
        party.request = made.request_id
        self.answers[made.request_id] = answers
        return True

    def accept(self, offer_id: int, *, chat: int) -> tuple[int, ...]:
        """Accept an offer; () = it was over, or cannot be booked."""
        done = self.desk.do(
            waiting.accept,
            idem_key=self.desk.key(),
            offer_id=offer_id,
            actor=Actor.chat(chat),
            limits=self.desk.limits,
            now=self.desk.now,
        )
        return () if isinstance(done, Refusal) else done.appointment_ids

    def decline(self, offer_id: int, *, chat: int) -> None:
        self.desk.do(waiting.decline, offer_id=offer_id, actor=Actor.chat(chat), now=self.desk.now)

    def stop_waiting(self, party: Party, *, chat: int) -> None:
        """End the request of somebody who has an appointment."""
        if party.request is not None:
            self.desk.do(waiting.end, request_id=party.request, actor=Actor.chat(chat), now=self.desk.now)

    def has_no_paper(self, party: Party) -> bool:
        return DocumentKind.NONE in party.papers

    def place_of(self, appointment_id: int) -> tuple[int, datetime]:
        """The office and the start of an appointment."""
        found = select(*_appointments.c["office_id", "starts_at"]).where(_appointments.c.id == appointment_id)
        row = self.desk.ask(lambda session: session.execute(found).one())
        return row.office_id, row.starts_at
