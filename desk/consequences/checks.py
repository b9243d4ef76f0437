"""The invariant of changes: every live appointment without a time is recorded."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "closed_time_is_known": finds("""
        SELECT a.id AS appointment, a.slot_id AS slot FROM appointments a
        JOIN slots s ON s.id = a.slot_id
        WHERE a.is_live AND a.state = 'booked' AND s.status = 'closed'
          AND NOT EXISTS (SELECT 1 FROM changed_turns c WHERE c.appointment_id = a.id AND c.slot_id = a.slot_id)
    """),
}
