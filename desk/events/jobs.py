"""The jobs that seal new events and delete old sealed batches."""

from __future__ import annotations

from datetime import timedelta

from desk.events.sealing import forget_old, old_seals, seal
from desk.parts import Job, JobOfPeriod

JOBS = (
    Job(name="seal_events", every=timedelta(minutes=1), run=seal, batch=500),
    JobOfPeriod(
        name="forget_old_events",
        every=timedelta(hours=6),
        period=lambda periods: periods.history,
        old=old_seals,
        run=forget_old,
        batch=1,
    ),
)
