"""What is given to actions at an office where they are tried: for people at the desk, and on the days that open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.people.rules import DocumentKind, IdentityDigest
from desk.visits.at_desk import book_at_desk, give_back_at_desk, move_at_desk

PAPER = IdentityDigest("d1.0.0", None)

AT_DESK: dict[Callable[..., Any], Callable[[Any], dict[str, Any]]] = {
    book_at_desk: lambda place: {
        "idem_key": f"desk:{place.office.id}",
        "office_id": place.office.id,
        "slot_id": place.later_slot,
        "service_id": place.service,
        "name": "نام",
        "document_kind": DocumentKind.AMAYESH,
        "identity": PAPER,
    },
    move_at_desk: lambda place: {
        "idem_key": "move",
        "appointment_id": place.booked,
        "slot_id": place.later_slot,
        "identity": PAPER,
    },
    give_back_at_desk: lambda place: {"appointment_id": place.booked, "identity": PAPER},
}
"""The action, and what it is given at a place."""


def horizon_at(place: Any) -> dict[str, Any]:
    """Five days of the service, a new one at ten."""
    return {"office_id": place.office.id, "service_id": place.service, "days_ahead": 5, "opens_at": 600}
