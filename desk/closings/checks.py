"""The invariants of closings: people are moved after all days are closed, but for those who have to be there soon, and
not of one that was taken back."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "nobody_moved_before_all_days_are_closed": finds("""
        SELECT c.change_id AS closing, t.id AS changed FROM closings c
        JOIN changes h ON h.id = c.change_id
        JOIN changed_turns t ON t.change_id = c.change_id AND t.step NOT IN ('waiting', 'left')
        WHERE (h.soon_until IS NULL OR t.starts_at >= h.soon_until)
          AND EXISTS (SELECT 1 FROM closed_days d WHERE d.change_id = c.change_id AND d.step = 'waiting')
    """),
    "everybody_is_told_once_all_days_are_closed": finds("""
        SELECT c.change_id AS closing FROM closings c
        JOIN changes h ON h.id = c.change_id AND h.carry_from > '9000-01-01 00:00:00'
        WHERE NOT EXISTS (
            SELECT 1 FROM closed_days d WHERE d.change_id = c.change_id AND d.step IN ('waiting', 'back')
        )
    """),
    "nobody_waits_for_what_was_taken_back": finds("""
        SELECT c.change_id AS closing, t.id AS changed FROM closings c
        JOIN changed_turns t ON t.change_id = c.change_id AND t.step = 'waiting'
        WHERE c.undone_at IS NOT NULL
    """),
}
