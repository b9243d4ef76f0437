"""The jobs of draws: each step at its hour, and days that nobody announced a draw for."""

from __future__ import annotations

from datetime import timedelta

from desk.draws.running import AT_ONCE, open_days_without_draws, run_draws
from desk.parts import Job

JOBS = (
    Job(name="run_draws", every=timedelta(seconds=10), run=run_draws, batch=AT_ONCE),
    Job(name="open_days_without_draws", every=timedelta(minutes=5), run=open_days_without_draws),
)
