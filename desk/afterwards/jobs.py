"""The jobs that ask after visits, and end the questions whose week is over."""

from __future__ import annotations

from datetime import timedelta

from desk.afterwards.asking import ask_after_visits, end_questions
from desk.parts import Job

JOBS = (
    Job(name="ask_after_visits", every=timedelta(minutes=10), run=ask_after_visits),
    Job(name="end_questions_after_visits", every=timedelta(hours=1), run=end_questions),
)
