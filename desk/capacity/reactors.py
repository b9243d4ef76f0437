"""The reactor of capacity: the slots of an office follow when its use or its province changes."""

from __future__ import annotations

from desk.capacity.planning import refill_office
from desk.parts import Happened, Reactors
from desk.storage.base import WriteSession

DECIDES = frozenset({"is_active", "province_code"})
"""The values of an office that its slots depend on; the province has holidays of its own."""


def _office_changed(session: WriteSession, happened: Happened) -> None:
    if DECIDES.intersection(happened.new):
        refill_office(session, office_id=happened.id, now=happened.now)


REACTORS: Reactors = {"office.update": _office_changed}
