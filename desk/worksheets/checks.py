"""The invariants of worksheets: what waits for the directorate has a deadline, and nothing else has one."""

from __future__ import annotations

from desk.parts import Checks, finds
from desk.worksheets.rules import AWAITS

CHECKS: Checks = {
    "worksheet_that_waits_has_a_deadline": finds(
        """
        SELECT w.id AS worksheet, w.state FROM worksheets w
        WHERE (w.state IN :awaits) <> EXISTS (
            SELECT 1 FROM deadlines d WHERE d.subject = 'worksheets' AND d.subject_id = w.id AND d.is_running)
    """,
        awaits=AWAITS,
    ),
    "one_worksheet_waits_for_a_decision": finds("""
        SELECT queue_id AS queue FROM worksheets WHERE state = 'stated' GROUP BY queue_id HAVING COUNT(*) > 1
    """),
}
