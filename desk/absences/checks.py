"""The invariants of absences: each recorded one is asked about, objections have a deadline, and two people decided."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "objection_has_a_deadline": finds("""
        SELECT a.id AS absence, a.state FROM absences a
        WHERE (a.state = 'objected') <> EXISTS (
            SELECT 1 FROM deadlines d WHERE d.subject = 'absences' AND d.subject_id = a.id AND d.is_running)
    """),
    "absence_decided_by_a_second_person": finds("""
        SELECT a.id AS absence FROM absences a WHERE a.state IN ('overturned', 'upheld') AND a.decided_by IN (
            SELECT b.recorded_by FROM absences b WHERE b.appointment_id = a.appointment_id AND b.nth <= a.nth)
    """),
    "absence_of_an_absent_person": finds("""
        SELECT b.id AS absence, a.state FROM absences b JOIN appointments a ON a.id = b.appointment_id
        WHERE b.state NOT IN ('overturned', 'undone') AND a.state <> 'absent'
    """),
}
