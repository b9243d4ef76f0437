"""The job that tells offices of past days with missing outcomes."""

from __future__ import annotations

from datetime import timedelta

from desk.absences.telling import offices_to_tell, tell_of_outcomes
from desk.parts import JobForEach

JOBS = (
    JobForEach(name="tell_of_missing_outcomes", every=timedelta(minutes=10), due=offices_to_tell, run=tell_of_outcomes),
)
