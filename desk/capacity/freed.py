"""The one function that is called whenever a place becomes free: given back by somebody, or opened by the plan."""

from __future__ import annotations

from datetime import date

from desk.storage.base import WriteSession

PLACES = "places"
"""The subject of the signal that a queue, whose id it bears, has places more on a day."""


def places_freed(session: WriteSession, *, queue_id: int, office_id: int, day: date | None) -> None:
    """Places of this queue and day became free; subscribers of signals are told after the commit. None = any day.

    Told once for a day, however many places there are. A subscriber has to check whether one can still be booked: its
    slot may be closed or over its plan, and somebody may be faster. No page or job of ours subscribes to it yet.
    """
    session.changed(PLACES, queue_id, office_id=office_id, day=day)
