"""The invariants of offices: each lies in an existing area of its own province."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "office_lies_in_its_province": finds("""
        SELECT o.id AS office, o.area FROM offices o
        WHERE NOT EXISTS (SELECT 1 FROM areas a WHERE a.path = o.area)
           OR o.area NOT LIKE '/' || o.province_code || '/%'
    """),
}
