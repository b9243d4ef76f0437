"""The jobs that offer what became free, watch the offers, ask whether people wait on, and forget what is old."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.parts import Job, JobOfPeriod
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import table_of
from desk.waiting.looking import BATCH, offer_places
from desk.waiting.models import FreedPlace
from desk.waiting.privacy import forget_chats, over_with_chats
from desk.waiting.watching import ask_whether_they_wait_on, look_anew_for_who_comes_back, watch_offers

_freed = table_of(FreedPlace)

KEPT_FOR = timedelta(days=90)
"""How long it is told what became of a freed place."""


def forget_freed_places(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete what became of places that were free long ago."""
    return delete_some(session, _freed, _freed.c.at < now - KEPT_FOR, limit=limit)


JOBS = (
    Job(name="offer_freed_places", every=timedelta(seconds=5), run=offer_places, batch=BATCH),
    Job(name="watch_offers", every=timedelta(seconds=10), run=watch_offers),
    Job(name="ask_whether_they_wait_on", every=timedelta(minutes=30), run=ask_whether_they_wait_on),
    Job(name="look_anew_for_who_comes_back", every=timedelta(minutes=5), run=look_anew_for_who_comes_back),
    Job(name="forget_freed_places", every=timedelta(hours=6), run=forget_freed_places),
    JobOfPeriod(
        name="forget_whose_requests_were",
        every=timedelta(hours=6),
        period=lambda periods: periods.appointments,
        old=over_with_chats,
        run=forget_chats,
    ),
)
