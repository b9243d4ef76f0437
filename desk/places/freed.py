"""The one function that is called whenever a place becomes free."""

from __future__ import annotations

from collections.abc import Iterable

from desk.storage.base import WriteSession

PLACES = "places"
"""The subject of the signal that a slot has one place more."""


def places_freed(session: WriteSession, *, slot_ids: Iterable[int]) -> None:
    """Places of these slots were given back; those who wait for one are told after this.

    A slot may be closed or over its plan nevertheless: whether it can be booked is checked again.
    """
    for slot_id in slot_ids:
        session.changed(PLACES, slot_id)
