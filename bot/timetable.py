"""The clock that runs the jobs: APScheduler in memory and nothing else, since every job finds what is due by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.jobs import Job
from desk.clock import Clock

log = structlog.get_logger(__name__)

FIRST_LOOK = timedelta(seconds=1)
STAGGER = timedelta(seconds=0.5)
"""Between the first runs, so that a start does not do everything at once."""


class Timetable:
    """Runs each job soon after the start and then every so often; never twice at the same time, never in arrears."""

    def __init__(self, jobs: Iterable[Job], *, clock: Clock) -> None:
        self._jobs = tuple(jobs)
        self._clock = clock
        self._scheduler: AsyncIOScheduler | None = None
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.failing: set[str] = set()
        """Names of the jobs whose last run failed."""

    def start(self) -> None:
        """Begin to run the jobs in the running event loop."""
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

    async def stop(self, *, patience: float = 5.0) -> None:
        """Start no further run and wait up to `patience` seconds for one under way; cut off, it comes again."""
        if self._scheduler is None:
            return
        self._scheduler.pause()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), patience)
        self._scheduler.shutdown(wait=False)
        self._scheduler = None

    @property
    def is_running(self) -> bool:
        """Whether the clock ticks."""
        return self._scheduler is not None and bool(self._scheduler.running)

    def _first_run(self, now: datetime, place: int) -> datetime:
        return now + FIRST_LOOK + place * STAGGER

    async def _run(self, job: Job) -> None:
        self._under_way += 1
        self._idle.clear()
        try:
            await self._run_once(job)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def _run_once(self, job: Job) -> None:
        try:
            count = await job.run()
        except Exception as error:
            self.failing.add(job.name)
            log.error("job_failed", job=job.name, error=type(error).__name__, exc_info=error)
            return
        self.failing.discard(job.name)
        if count:
            log.info("job_done", job=job.name, rows=count)
