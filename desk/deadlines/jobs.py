"""The job that updates the levels of deadlines."""

from __future__ import annotations

from datetime import timedelta

from desk.deadlines.actions import look
from desk.parts import Job

JOBS = (Job(name="look_at_deadlines", every=timedelta(minutes=1), run=look, batch=200),)
