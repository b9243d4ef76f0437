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
        SELECT id AS absence FROM absences WHERE decided_by = recorded_by AND state IN ('overturned', 'upheld')
    """),
    "absence_of_an_absent_person": finds("""
        SELECT b.id AS absence, a.state FROM absences b JOIN appointments a ON a.id = b.appointment_id
        WHERE b.state NOT IN ('overturned', 'undone') AND a.state <> 'absent'
    """),
}
