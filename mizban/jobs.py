"""Runs the jobs that the subjects define, in batches, over one database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.receiving.jobs import JOBS as JOBS_OF_THE_BOT
from desk import subjects
from desk.clock import Clock
from desk.other_chats.falling_back import fall_back_waiting
from desk.other_chats.jobs import FALLING_BACK
from desk.other_chats.rules import USUAL_PATIENCE, Patience
from desk.parts import AnyJob, Job, JobForEach, JobOfPeriod, RunInBatches
from desk.periods import GRACE, USUAL_PERIODS, Periods
from desk.staff.alarms import watch
from desk.staff.jobs import WATCH
from desk.staff.thresholds import DEFAULTS, Thresholds
from desk.storage.engine import Storage
from desk.verify import SHOWN, Broken

MOST_ROUNDS = 50
"""The most batches of one run; the rest waits for the next one, so that no job blocks the writer for long."""

LOG_EVERY = timedelta(minutes=1)
"""How often it is asked whether something erased is still in the log, which is emptied right after most erasures."""


def _defined() -> tuple[AnyJob, ...]:
    return (*subjects.jobs(), *JOBS_OF_THE_BOT)


def kept_too_long(session: Session, *, periods: Periods = USUAL_PERIODS, now: datetime) -> list[Broken]:
    """What was to be erased longer than a day ago and is still there: ids only, some for each job."""
    return [
        Broken(rule=f"{job.name}_done", detail=f"id={id}")
        for job in _defined()
        if isinstance(job, JobOfPeriod)
        for id in job.old(session, before=now - job.period(periods) - GRACE, limit=SHOWN)
    ]


@dataclass(frozen=True, slots=True)
class Planned:
    """A job as the timetable sees it: `run` does what is due and returns the number of rows."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[int]]


class Jobs:
    """The jobs over one database; two processes may run them at once."""

    def __init__(
        self,
        *,
        storage: Storage,
        clock: Clock,
        thresholds: Thresholds = DEFAULTS,
        periods: Periods = USUAL_PERIODS,
        patience: Patience = USUAL_PATIENCE,
    ) -> None:
        """`thresholds` are those of the alarms about how much staff read; `periods` say how long what is kept;
        `patience` how long a message waits until it goes to the other chat of the person."""
        self._storage = storage
        self._clock = clock
        with_settings: dict[str, RunInBatches] = {
            WATCH: partial(watch, thresholds=thresholds),
            FALLING_BACK: partial(fall_back_waiting, patience=patience),
        }
        defined = (job.within(periods) if isinstance(job, JobOfPeriod) else job for job in _defined())
        found = tuple(
            replace(job, run=with_settings.get(job.name, job.run)) if isinstance(job, Job) else job for job in defined
        )
        self._jobs = {job.name: job for job in sorted(found, key=lambda job: job.every)}
        if len(self._jobs) != len(found):
            raise ValueError("two jobs have the same name")

    def all(self) -> tuple[Planned, ...]:
        """Every job with its interval, the most frequent first."""
        planned = (Planned(job.name, job.every, partial(self.run, job.name)) for job in self._jobs.values())
        # No transaction may be open meanwhile, so it is no job of a subject.
        return (Planned("empty_log", LOG_EVERY, self._storage.empty_log), *planned)

    async def run(self, name: str) -> int:
        """Run the job of this name now; returns the number of rows."""
        job = self._jobs[name]
        return await (self._run_for_each(job) if isinstance(job, JobForEach) else self._run_in_batches(job))

    async def _run_for_each(self, job: JobForEach) -> int:
        now = self._clock.now()
        due = await self._storage.read(job.due, now=now)
        failed: list[Exception] = []
        for id in due:
            try:
                await self._storage.write(job.run, id=id, now=now)
            except Exception as error:  # one row that cannot be handled holds up no other
                failed.append(error)
        if failed:
            raise failed[0]
        return len(due)

    async def _run_in_batches(self, job: Job) -> int:
        done = 0
        for _ in range(MOST_ROUNDS):
            count = await self._storage.write(job.run, now=self._clock.now(), limit=job.batch)
            done += count
            if count < job.batch:
                break
        return done
