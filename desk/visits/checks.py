"""The invariants of visits: they match their appointments."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "visit_fits_appointment": finds("""
        SELECT a.id AS appointment, a.state, v.outcome FROM visits v JOIN appointments a ON a.id = v.appointment_id
        WHERE (v.outcome IS NOT NULL AND a.state <> v.outcome)
           OR (v.outcome IS NULL AND a.state IN ('served', 'come_back', 'absent'))
           OR (a.state = 'arrived' AND v.arrived_at IS NULL)
    """),
    "come_back_has_date": finds("""
        SELECT appointment_id AS appointment FROM visits WHERE outcome = 'come_back' AND come_back_on IS NULL
    """),
}
