"""The invariants of slots: the counts of places add up, and no more are taken than there are."""

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
}
