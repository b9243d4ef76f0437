"""The invariant of heard updates."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "parked_has_reason": finds(
        "SELECT id AS update_row FROM heard_updates WHERE outcome = 'parked' AND reason IS NULL"
    ),
    "unique_updates": finds("""
        SELECT channel, bot, count(*) AS n FROM heard_updates GROUP BY channel, bot, update_id HAVING count(*) > 1
    """),
}
