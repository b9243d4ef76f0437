"""What follows for the places of an office that was put out of use or back, or came into another province."""

from __future__ import annotations

from desk.capacity.planning import refill_office
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession

DECIDES = frozenset({"is_active", "province_code"})
"""What of an office decides about its places: the holidays are those of its province."""


def _office_changed(session: WriteSession, happened: Happened) -> None:
    if DECIDES.intersection(happened.new):
        refill_office(session, office_id=happened.id, now=happened.now)


REACTORS: Reactors = {"office.update": _office_changed}
