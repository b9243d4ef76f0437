"""The invariants of slots, and that the queues of an office open their days alike.

The counts of places add up, and no more are taken than there are.
"""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "slot_range": finds("""
        SELECT id AS slot, capacity, remaining, planned FROM slots
        WHERE remaining < 0 OR remaining > capacity OR (capacity <> planned AND remaining <> 0) OR capacity < planned
    """),
    "slot_open_flag": finds("""
        SELECT id AS slot, remaining, status FROM slots
        WHERE (is_open AND NOT (remaining > 0 AND status = 'live'))
           OR (NOT is_open AND remaining > 0 AND status = 'live')
    """),
    "horizons_alike": finds("""
        SELECT queues.office_id AS office, links.service_id AS service
        FROM queue_services links JOIN queues ON queues.id = links.queue_id
        GROUP BY queues.office_id, links.service_id
        HAVING MIN(COALESCE(links.days_ahead, 0)) <> MAX(COALESCE(links.days_ahead, 0))
            OR MIN(COALESCE(links.opens_at, -1)) <> MAX(COALESCE(links.opens_at, -1))
    """),
}
