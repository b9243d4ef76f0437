"""The job that counts the days of the queues."""

from __future__ import annotations

from datetime import timedelta

from desk.figures.counting import count_days, queues_to_count
from desk.parts import JobForEach

JOBS = (JobForEach(name="count_days", every=timedelta(minutes=1), due=queues_to_count, run=count_days),)
