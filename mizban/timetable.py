"""Runs the jobs at intervals, by APScheduler in memory: every job finds by itself what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.running.tasks import Tasks
from desk.clock import Clock, SetBack, steady
from mizban.jobs import Planned

log = structlog.get_logger(__name__)

FIRST_LOOK = timedelta(seconds=1)
STAGGER = timedelta(seconds=0.5)
"""The time between the first runs of two jobs, so that a start does not run all at once."""


WATCH = 2.0
"""Seconds between two checks whether the system clock was set back."""
LATE_ROUNDS, LATE_AT_LEAST = 3, timedelta(minutes=2)
"""A job that has not finished for so many intervals, or at least so long, is reported as late."""


class Timetable:
    """Runs each job soon after the start and then at its interval; never twice at once, and missed runs are not
    repeated.

    APScheduler plans by the system clock. If that is set back by two hours, every job would wait that long, so its
    plans are moved along (`SetBack`).
    """

    def __init__(
        self, jobs: Iterable[Planned], *, clock: Clock, set_back: SetBack | None = None, watch: float = WATCH
    ) -> None:
        """`watch` = seconds between two looks at `set_back`."""
        self._jobs = tuple(jobs)
        self._clock = clock
        self._set_back = set_back or SetBack()
        self._watch_every = watch
        self._tasks = Tasks()
        self._ended: dict[str, float] = {}
        """When each job last succeeded; at the start, as if all just had."""
        self._scheduler: AsyncIOScheduler | None = None
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.failing: set[str] = set()
        """Names of the jobs whose last run failed."""

    def start(self) -> None:
        """Start the jobs in the running event loop."""
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        now = self._clock.now()
        for place, job in enumerate(self._jobs):
            scheduler.add_job(
                self._run,
                "interval",
                seconds=job.every.total_seconds(),
                args=(job,),
                id=job.name,
                next_run_time=self._first_run(now, place),
            )
        scheduler.start()
        self._scheduler = scheduler
        self._ended = {job.name: steady() for job in self._jobs}
        self._tasks.keep(self._watch, name="clock set back")

    async def stop(self, *, patience: float = 5.0) -> None:
        """Start no further run and wait up to `patience` seconds for those in progress; a cancelled one runs again
        later."""
        if self._scheduler is None:
            return
        await self._tasks.stop()
        self._scheduler.pause()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience)
        self._scheduler.shutdown(wait=False)
        self._scheduler = None

    @property
    def is_running(self) -> bool:
        """Whether the scheduler runs."""
        return self._scheduler is not None and bool(self._scheduler.running)

    def late(self) -> list[str]:
        """The names of jobs that have not succeeded for much longer than their interval."""
        if self._scheduler is None:
            return []
        now = steady()
        return [
            job.name
            for job in self._jobs
            if now - self._ended[job.name] > max(LATE_ROUNDS * job.every, LATE_AT_LEAST).total_seconds()
        ]

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._watch_every)
            back = self._set_back.look()
            if not back or self._scheduler is None:
                continue
            for planned in self._scheduler.get_jobs():
                if planned.next_run_time is not None:
                    planned.modify(next_run_time=planned.next_run_time - back)
            log.warning("clock_set_back", seconds=back.total_seconds())

    def _first_run(self, now: datetime, place: int) -> datetime:
        return now + FIRST_LOOK + place * STAGGER

    async def _run(self, job: Planned) -> None:
        self._under_way += 1
        self._idle.clear()
        try:
            await self._run_once(job)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _run_once(self, job: Planned) -> None:
        try:
            count = await job.run()
        except Exception as error:
            self.failing.add(job.name)
            log.error("job_failed", job=job.name, error=type(error).__name__, exc_info=error)
            return
        self.failing.discard(job.name)
        self._ended[job.name] = steady()
        if count:
            log.info("job_done", job=job.name, rows=count)
