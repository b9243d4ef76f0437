"""The job that ends questions which of two appointments stays."""

from __future__ import annotations

from datetime import timedelta

from desk.linked_papers.choosing import settle_choices
from desk.parts import Job

JOBS = (Job(name="settle_choices_of_linked_papers", every=timedelta(minutes=1), run=settle_choices),)
