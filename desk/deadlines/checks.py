"""The invariants of deadlines: one is current for each subject; while any runs, it is the earliest."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "soonest_deadline_counts": finds("""
        SELECT d.id AS deadline, e.id AS sooner FROM deadlines d
        JOIN deadlines e ON e.subject = d.subject AND e.subject_id = d.subject_id AND e.owed_by = d.owed_by
        WHERE d.is_current AND e.is_running AND (e.due_at < d.due_at OR NOT d.is_running)
        UNION ALL SELECT d.id, NULL FROM deadlines d
        WHERE d.is_running AND NOT EXISTS (
            SELECT 1 FROM deadlines e WHERE e.subject = d.subject AND e.subject_id = d.subject_id
            AND e.owed_by = d.owed_by AND e.is_current)
    """),
    "deadline_runs": finds("""
        SELECT id AS deadline FROM deadlines
        WHERE is_running <> (met_at IS NULL AND dropped_at IS NULL AND paused_at IS NULL)
           OR (look_at IS NOT NULL AND NOT is_running)
    """),
}
