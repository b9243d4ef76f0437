"""The one function that is called whenever a place becomes free: given back by somebody, or opened by the plan."""

from __future__ import annotations

from datetime import date

from desk.events.reacting import keepers
from desk.parts import FreedPlaces
from desk.storage.base import WriteSession

PLACES = "places"
"""The subject of the signal that a queue, whose id it bears, has places more on a day."""


def places_freed(
    session: WriteSession,
    *,
    queue_id: int,
    office_id: int,
    day: date | None,
    slot_id: int | None = None,
    places: int | None = None,
    to_everybody: bool = False,
) -> None:
    """Places of this queue and day became free; subscribers of signals are told after the commit. None = any day.

    Before that the subjects that keep places for those who wait may take them, in this transaction, so that nobody
    else ever sees them; unless they go `to_everybody`. Told once for a day, however many places there are. A
    subscriber has to check whether one can still be booked: its slot may be closed or over its plan, somebody may be
    faster, and it may be kept.
    """
    if not to_everybody:
        freed = FreedPlaces(queue_id=queue_id, office_id=office_id, day=day, slot_id=slot_id, places=places)
        for keep in keepers():
            keep(session, freed)
    session.changed(PLACES, queue_id, office_id=office_id, day=day)
