"""The job that forgets whose the requests were that are long over."""

from __future__ import annotations

from datetime import timedelta

from desk.parts import JobOfPeriod
from desk.waiting.privacy import forget_chats, over_with_chats

JOBS = (
    JobOfPeriod(
        name="forget_whose_requests_were",
        every=timedelta(hours=6),
        period=lambda periods: periods.appointments,
        old=over_with_chats,
        run=forget_chats,
    ),
)
