"""The invariants of records: one stands only at a served visit, and what is not as announced has its reason."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "record_of_a_served_visit": finds("""
        SELECT r.appointment_id AS appointment, a.state FROM service_records r
        JOIN appointments a ON a.id = r.appointment_id WHERE a.state <> 'served'
    """),
    "record_not_as_announced_has_a_reason": finds("""
        SELECT appointment_id AS appointment FROM service_records WHERE is_wrong AND why IS NULL
    """),
    "record_was_compared_with_the_fee": finds("""
        SELECT appointment_id AS appointment, amount_rial, fee_rial FROM service_records
        WHERE NOT is_wrong AND closing = 'receipt' AND fee_rial IS NOT NULL AND amount_rial <> fee_rial
           OR NOT is_wrong AND closing = 'no_receipt'
           OR NOT is_wrong AND closing = 'free' AND fee_rial > 0
    """),
    "required_fields_are_numbered": finds("""
        SELECT f.service_id AS service, f.version FROM required_fields f
        WHERE f.version > 1 AND NOT EXISTS (SELECT 1 FROM required_fields g
            WHERE g.service_id = f.service_id AND g.version = f.version - 1)
    """),
}
