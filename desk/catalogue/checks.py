"""The invariants of the catalogue: one fee a day, and nothing irreversible may be booked."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "one_fee_a_day": finds("""
        SELECT f.id AS fee, g.id AS other FROM service_fees f
        JOIN service_fees g ON g.service_id = f.service_id AND g.id > f.id
            AND coalesce(g.province_code, '') = coalesce(f.province_code, '')
        WHERE f.confirmed_on IS NOT NULL AND g.confirmed_on IS NOT NULL
          AND (f.valid_to IS NULL OR f.valid_to >= g.valid_from) AND (g.valid_to IS NULL OR g.valid_to >= f.valid_from)
    """),
    "irreversible_is_information": finds("""
        SELECT id AS service FROM services WHERE is_irreversible AND is_bookable
    """),
}
