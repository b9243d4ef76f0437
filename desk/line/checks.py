"""The invariants of the line: it fits the appointments, one person is at a counter, and numbers come once a day."""

from __future__ import annotations

from desk.line.rules import AT_COUNTER, IN_LINE
from desk.parts import Checks, finds

CHECKS: Checks = {
    "who_is_in_line_has_arrived": finds(
        """
        SELECT e.appointment_id AS appointment, e.state, a.state AS of_appointment FROM line_entries e
        JOIN appointments a ON a.id = e.appointment_id
        WHERE e.state IN :in_line AND (a.state <> 'arrived' OR a.office_id <> e.office_id OR a.day <> e.day)
    """,
        in_line=IN_LINE,
    ),
    "who_is_done_has_an_outcome": finds("""
        SELECT e.appointment_id AS appointment, e.state, a.state AS of_appointment FROM line_entries e
        JOIN appointments a ON a.id = e.appointment_id
        WHERE (e.state = 'done') <> (a.state IN ('served', 'come_back', 'absent'))
    """),
    "one_person_at_a_counter": finds(
        """
        SELECT office_id AS office, day, counter, count(*) AS people FROM line_entries
        WHERE state IN :at_counter GROUP BY office_id, day, counter HAVING count(*) > 1
    """,
        at_counter=AT_COUNTER,
    ),
    "call_number_once_a_day": finds("""
        SELECT office_id AS office, day, call_number AS number, count(*) AS people FROM line_entries
        GROUP BY office_id, day, call_number HAVING count(*) > 1
    """),
    "walk_in_numbers_are_counted": finds("""
        SELECT e.appointment_id AS appointment, e.call_number AS number FROM line_entries e
        LEFT JOIN line_counters c ON c.office_id = e.office_id AND c.day = e.day
        WHERE e.is_walk_in AND CAST(e.call_number AS INTEGER) > coalesce(c.last, 0)
    """),
}
