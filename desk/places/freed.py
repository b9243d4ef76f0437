"""The one end of every way in which a place becomes free again."""

from __future__ import annotations

from collections.abc import Iterable

from desk.storage.base import WriteSession

PLACES = "places"
"""The subject of a signal that a slot has a place less taken."""


def places_freed(session: WriteSession, *, slot_ids: Iterable[int]) -> None:
    """Somebody has given a place of these slots back, by whichever way; whoever waits for one is told after this.

    A slot may be closed, or have more takers than planned, all the same: whether it can be booked is asked anew.
    """
    for slot_id in slot_ids:
        session.changed(PLACES, slot_id)
