"""The jobs of the desk that the simulation lets run: what rests becomes free, is offered, arrives, and is watched."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from benchmarks.fairness.course import Course
from benchmarks.fairness.people import BEGINS_AT, moment
from desk.outbox.actions import mark_sent
from desk.outbox.models import OutboxMessage
from desk.places.actions import release_expired
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.looking import offer_places
from desk.waiting.models import Offer
from desk.waiting.offer_rules import BEFORE_OPENING
from desk.waiting.rules import WaitingNotice
from desk.waiting.watching import watch_offers

_messages, _offers = table_of(OutboxMessage), table_of(Offer)
_MOST = 500
_WITHIN = 5.0
"""Seconds within which the job runs that offers places: as `desk.waiting.jobs` has it."""


class Jobs:
    """Runs them every so often, and once more within five seconds after a day opens."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._told: set[int] = set()
        self._seen: tuple[int, tuple[date, date]] | None = None
        """What had been written, and which days were opening, when the job ran last: else it has nothing to do."""
        # Not on the hour: the moment at which a day opens is chosen by chance below.
        course.every(course.given.jobs_every, self.run, first=moment(0, BEGINS_AT) + course.given.jobs_every / 2)
        demand = course.given.demand
        for day in range(demand.days + demand.days_ahead + 1):
            opens = moment(day, demand.opens_at)
            phase = timedelta(seconds=course.chance.uniform(0, _WITHIN))
            for after in (timedelta(0), -BEFORE_OPENING):
                course.at(opens + after + phase, self._offer)

    def run(self) -> None:
        desk = self.course.desk
        while desk.do(release_expired, now=desk.now, limit=_MOST):
            pass
        if self.course.regime.waits:
            self._offer()

    def _offer(self) -> None:
        desk = self.course.desk
        if not self.course.regime.waits:
            return
        seen = desk.writes, desk.opens_next
        if self._seen != seen:
            while desk.do(offer_places, now=desk.now):
                pass
        desk.do(_deliver, now=desk.now)
        desk.do(watch_offers, now=desk.now, limit=_MOST)
        self._seen = desk.writes, desk.opens_next
        arrived = select(_offers.c.id, _offers.c.request_id).where(
            _offers.c.is_live, _offers.c.delivered_at == desk.now
        )
        for row in desk.ask(lambda session: session.execute(arrived).all()):
            if row.id not in self._told:
                self._told.add(row.id)
                self.course.answers[row.request_id](row.id)


def _deliver(session: WriteSession, *, now: datetime) -> None:
    """The messenger takes every message that offers something."""
    waits = select(_messages.c.id).where(
        _messages.c.notice == WaitingNotice.OFFER, _messages.c.is_open, _messages.c.due_at <= now
    )
    for id in session.execute(waits).scalars().all():
        mark_sent(session, id=id, message_id=str(id), now=now)
