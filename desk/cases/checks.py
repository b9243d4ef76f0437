"""The invariants of cases: not handled at the office complained of, no contact where none is wanted, a deadline on
each."""

from __future__ import annotations

from desk.parts import Checks, finds

CHECKS: Checks = {
    "complaint_not_at_its_office": finds("""
        SELECT id AS case_row FROM cases WHERE kind = 'complaint' AND handler_office_id IS NOT NULL
    """),
    "contact_is_kept_to": finds("""
        SELECT id AS case_row, contact FROM cases
        WHERE (contact <> 'name' AND name_sealed IS NOT NULL) OR (contact = 'nobody' AND conversation_id IS NOT NULL)
    """),
    "case_has_deadline": finds("""
        SELECT c.id AS case_row, c.category FROM cases c
        WHERE c.severity > 0 AND c.state NOT IN ('closed', 'answered') AND NOT EXISTS (
            SELECT 1 FROM deadlines d WHERE d.subject = 'cases' AND d.subject_id = c.id
            AND d.kind = 'final_answer' AND d.is_running)
    """),
    "answered_owes_no_answer": finds("""
        SELECT c.id AS case_row, d.kind FROM cases c JOIN deadlines d ON d.subject = 'cases' AND d.subject_id = c.id
        WHERE d.is_running AND d.owed_by = 'desk' AND c.state IN ('closed', 'answered')
    """),
    "closed_may_be_reopened": finds("""
        SELECT c.id AS case_row FROM cases c
        WHERE c.state = 'closed' AND NOT EXISTS (
            SELECT 1 FROM deadlines d WHERE d.subject = 'cases' AND d.subject_id = c.id
            AND d.kind = 'reopening' AND d.started_at = c.closed_at)
    """),
    "case_times": finds("""
        SELECT id AS case_row, state FROM cases
        WHERE (state = 'closed' AND closed_at IS NULL) OR (state <> 'closed' AND closed_at IS NOT NULL)
           OR closed_at <> state_at
    """),
    "words_of_erased_cases": finds("""
        SELECT DISTINCT w.case_id AS case_row FROM case_words w JOIN cases c ON c.id = w.case_id
        WHERE c.contact = 'nobody' OR (c.name_sealed IS NULL
            AND NOT EXISTS (SELECT 1 FROM case_entries e WHERE e.case_id = c.id AND e.text_sealed IS NOT NULL))
    """),
    # Old messages are deleted, so only what is newer than the oldest message is checked.
    "reply_is_delivered": finds("""
        SELECT e.id AS entry FROM case_entries e JOIN cases c ON c.id = e.case_id
        WHERE e.kind = 'reply' AND c.conversation_id IS NOT NULL
          AND e.at >= coalesce((SELECT min(m.created_at) FROM outbox_messages m), e.at)
          AND NOT EXISTS (SELECT 1 FROM outbox_messages m WHERE m.about = 'entry:' || CAST(e.id AS TEXT))
    """),
    "unique_case_keys": finds("""
        SELECT 'idem_key' AS what, count(*) AS n FROM cases GROUP BY idem_key HAVING count(*) > 1
    """),
}
