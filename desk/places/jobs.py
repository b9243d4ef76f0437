"""The job that frees expired claims."""

from __future__ import annotations

from datetime import timedelta

from desk.parts import Job
from desk.places.actions import release_expired

JOBS = (Job(name="release_expired_holds", every=timedelta(seconds=30), run=release_expired, batch=200),)
