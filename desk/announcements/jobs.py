"""The jobs that tell what was announced, and that forget wishes which waited too long or can reach nobody."""

from __future__ import annotations

from datetime import timedelta

from desk.announcements.actions import forget_wishes
from desk.announcements.telling import tell_announced
from desk.parts import Job

JOBS = (
    Job(name="tell_announced", every=timedelta(minutes=15), run=tell_announced, batch=200),
    Job(name="forget_announcement_wishes", every=timedelta(hours=1), run=forget_wishes),
)
