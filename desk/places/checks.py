"""The invariants of claims; the checks of appointments compare claims and appointments with the taken places."""

from __future__ import annotations

from desk.parts import Checks, finds
from desk.places.rules import MOST

CHECKS: Checks = {
    "claims_within_limit": finds(
        " UNION ALL ".join(
            f"SELECT id AS claim, kind, nth FROM claims WHERE kind = '{kind.value}' AND nth > {most}"  # noqa: S608 - our own words
            for kind, most in MOST.items()
        )
    ),
    "rests_before_its_time": finds("""
        SELECT c.id AS claim, c.expires_at FROM claims c JOIN slots s ON s.id = c.slot_id
        WHERE c.kind = 'rest' AND c.expires_at >= s.starts_at
    """),
}
