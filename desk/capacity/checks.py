"""The invariants of slots, that an office opens its days alike, and that it gives what is not withheld from it.

The counts of places add up, and no more are taken than there are.
"""

from __future__ import annotations

from desk.capacity.status_rules import WITHHELD
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
    "service_given_unless_withheld": finds(
        """
        SELECT l.queue_id AS queue, l.service_id AS service, l.is_active, s.state FROM queue_services l
        JOIN queues q ON q.id = l.queue_id
        LEFT JOIN service_statuses s ON s.office_id = q.office_id AND s.service_id = l.service_id AND s.to_at IS NULL
        WHERE l.is_active <> (l.is_tied AND (s.state IS NULL OR s.state NOT IN :withheld))
    """,
        withheld=WITHHELD,
    ),
    "one_status_after_another": finds("""
        SELECT a.id AS status, b.id AS overlaps FROM service_statuses a
        JOIN service_statuses b ON b.office_id = a.office_id AND b.service_id = a.service_id AND b.id > a.id
        WHERE a.to_at IS NULL OR a.to_at > b.from_at
    """),
}
