"""The invariants of appointments: none overbooked, one live one each, a history that matches, tickets not missing."""

from __future__ import annotations

from desk.appointments.history import EventKind
from desk.appointments.rules import CANCELLED, HOLDS_A_PLACE, LIVE
from desk.parts import Checks, finds

CHECKS: Checks = {
    "slot_count": finds(
        """
        SELECT s.id AS slot, s.capacity - s.remaining AS taken, coalesce(a.n, 0) AS appointments,
            coalesce(c.n, 0) AS claims
        FROM slots s
        LEFT JOIN (SELECT slot_id, count(*) AS n FROM appointments WHERE has_place AND state IN :holding
            GROUP BY slot_id) a ON a.slot_id = s.id
        LEFT JOIN (SELECT slot_id, count(*) AS n FROM claims GROUP BY slot_id) c ON c.slot_id = s.id
        WHERE s.capacity - s.remaining <> coalesce(a.n, 0) + coalesce(c.n, 0)
    """,
        holding=HOLDS_A_PLACE,
    ),
    "shares_within_what_is_set_apart": finds(
        """
        SELECT s.id AS slot, s.desk, s.walk_in, coalesce(a.desk, 0) AS booked_at_desk, c.desk AS desk_left,
            coalesce(a.walk_in, 0) AS walked_in, c.walk_in AS walk_in_left, c.used AS given_out
        FROM slots s
        LEFT JOIN (SELECT slot_id,
                count(CASE WHEN share = 'desk' THEN 1 END) AS desk,
                count(CASE WHEN share = 'walk_in' THEN 1 END) AS walk_in
            FROM appointments WHERE share IS NOT NULL AND state IN :holding GROUP BY slot_id) a ON a.slot_id = s.id
        LEFT JOIN (SELECT slot_id,
                count(CASE WHEN holder = 'desk:' || CAST(slot_id AS TEXT) THEN 1 END) AS desk,
                count(CASE WHEN holder = 'walk_in:' || CAST(slot_id AS TEXT) THEN 1 END) AS walk_in,
                count(CASE WHEN holder = 'walk_in_used:' || CAST(slot_id AS TEXT) THEN 1 END) AS used
            FROM claims WHERE kind = 'share' GROUP BY slot_id) c ON c.slot_id = s.id
        WHERE coalesce(a.desk, 0) + coalesce(c.desk, 0) > s.desk
           OR coalesce(a.walk_in, 0) + coalesce(c.walk_in, 0) + coalesce(c.used, 0) > s.walk_in
    """,
        holding=HOLDS_A_PLACE,
    ),
    "quota_counted": finds(
        """
        SELECT queue_id AS queue, service_id AS service, day, sum(n) AS uncounted FROM (
            SELECT s.queue_id, a.service_id, s.day, count(*) AS n FROM appointments a JOIN slots s ON s.id = a.slot_id
            WHERE a.is_counted AND a.state IN :holding GROUP BY s.queue_id, a.service_id, s.day
            UNION ALL
            SELECT s.queue_id, c.counts_for, s.day, count(*) FROM claims c JOIN slots s ON s.id = c.slot_id
            WHERE c.counts_for IS NOT NULL GROUP BY s.queue_id, c.counts_for, s.day
            UNION ALL
            SELECT queue_id, service_id, day, -taken FROM quota_days
        ) facts GROUP BY queue_id, service_id, day HAVING sum(n) <> 0
    """,
        holding=HOLDS_A_PLACE,
    ),
    "appointment_at_its_slot": finds("""
        SELECT a.id AS appointment, s.id AS slot FROM appointments a
        JOIN slots s ON s.id = a.slot_id JOIN queues q ON q.id = s.queue_id
        WHERE a.starts_at <> s.starts_at OR a.day <> s.day OR a.office_id <> q.office_id
    """),
    "one_live_appointment": finds("""
        SELECT person_id AS person, service_id AS service, count(*) AS appointments FROM appointments
        WHERE is_live AND person_id IS NOT NULL GROUP BY person_id, service_id, is_contested HAVING count(*) > 1
    """),
    "one_live_appointment_in_a_chat": finds("""
        SELECT person_id AS person, service_id AS service, count(*) AS appointments FROM appointments
        WHERE is_live AND person_id IS NOT NULL AND conversation_id IS NOT NULL
        GROUP BY conversation_id, person_id, service_id HAVING count(*) > 1
    """),
    "live_state": finds(
        "SELECT id AS appointment, state FROM appointments WHERE is_live AND state NOT IN :live", live=LIVE
    ),
    "unique_appointment_keys": finds("""
        SELECT 'idem_key' AS what, count(*) AS n FROM appointments GROUP BY idem_key HAVING count(*) > 1
        UNION ALL SELECT 'code', count(*) FROM appointments GROUP BY code HAVING count(*) > 1
    """),
    # Old history is deleted in whole batches, so the history of older appointments is incomplete.
    "history_begins": finds(
        """
        SELECT a.id AS appointment FROM appointments a
        LEFT JOIN events e ON e.id = (
            SELECT min(f.id) FROM events f
            WHERE f.subject = 'appointment:' || CAST(a.id AS TEXT) AND f.kind IN :changes)
        WHERE (e.id IS NULL OR e.kind <> 'appointment.booked')
          AND NOT EXISTS (SELECT 1 FROM event_seals s WHERE s.is_emptied AND s.newest_at >= a.created_at)
    """,
        changes=EventKind,
    ),
    "history_replays": finds(
        """
        SELECT a.id AS appointment, a.state, e.data -> 'new' ->> 'state' AS told FROM appointments a
        JOIN events e ON e.id = (
            SELECT max(l.id) FROM events l
            WHERE l.subject = 'appointment:' || CAST(a.id AS TEXT) AND l.kind IN :changes)
        WHERE e.data -> 'new' ->> 'state' <> a.state OR CAST(e.data -> 'new' ->> 'slot' AS BIGINT) <> a.slot_id
    """,
        changes=EventKind,
    ),
    "history_counts_moves": finds("""
        SELECT a.id AS appointment, a.moves FROM appointments a
        WHERE a.moves <> (
            SELECT count(*) FROM events e
            WHERE e.subject = 'appointment:' || CAST(a.id AS TEXT) AND e.kind = 'appointment.moved')
          AND NOT EXISTS (SELECT 1 FROM event_seals s WHERE s.is_emptied AND s.newest_at >= a.created_at)
    """),
    "cancelled_once": finds("""
        SELECT subject AS appointment, count(*) AS times FROM events
        WHERE kind = 'appointment.cancelled' GROUP BY subject HAVING count(*) > 1
    """),
    "household_is_whole": finds("""
        SELECT h.id AS household, h.people, count(a.id) AS appointments FROM households h
        LEFT JOIN appointments a ON a.household_id = h.id
        GROUP BY h.id, h.people HAVING count(a.id) <> h.people
    """),
    "household_comes_together": finds("""
        SELECT a.id AS appointment, a.household_id AS household FROM appointments a
        JOIN appointments b ON b.household_id = a.household_id AND b.id < a.id
        WHERE a.service_id <> b.service_id
           OR (a.moves = 0 AND b.moves = 0 AND (a.office_id <> b.office_id OR a.day <> b.day))
    """),
    "household_has_one_place": finds(
        """
        SELECT a.household_id AS household, a.slot_id AS slot, sum(CASE WHEN a.has_place THEN 1 ELSE 0 END) AS places
        FROM appointments a JOIN households h ON h.id = a.household_id
        WHERE h.shares_place AND a.state IN :holding GROUP BY a.household_id, a.slot_id
        HAVING sum(CASE WHEN a.has_place THEN 1 ELSE 0 END) <> 1
    """,
        holding=HOLDS_A_PLACE,
    ),
    "others_have_a_place_each": finds(
        """
        SELECT a.id AS appointment, a.slot_id AS slot FROM appointments a
        LEFT JOIN households h ON h.id = a.household_id
        WHERE a.state IN :holding AND NOT a.has_place AND (h.id IS NULL OR NOT h.shares_place)
    """,
        holding=HOLDS_A_PLACE,
    ),
    "no_place_counts_for_nothing": finds("""
        SELECT id AS appointment, share FROM appointments WHERE NOT has_place AND (is_counted OR share IS NOT NULL)
    """),
    # Old messages are deleted, so only what is newer than the oldest message is checked.
    "ticket_exists": finds("""
        SELECT a.id AS appointment, a.moves FROM appointments a
        WHERE a.is_live AND a.conversation_id IS NOT NULL
          AND a.changed_at >= coalesce((SELECT min(m.created_at) FROM outbox_messages m), a.changed_at)
          AND NOT EXISTS (SELECT 1 FROM proposals p
            WHERE p.appointment_id = a.id AND p.moves = a.moves AND p.state = 'open')
          AND NOT EXISTS (SELECT 1 FROM outbox_messages m
            WHERE m.idem_key = 'ticket:' || CAST(a.id AS TEXT) || ':' || CAST(a.moves AS TEXT))
    """),
    "proposal_of_a_live_appointment": finds("""
        SELECT p.id AS proposal, a.id AS appointment, a.state FROM proposals p
        JOIN appointments a ON a.id = p.appointment_id
        WHERE p.state = 'open' AND (a.state <> 'booked' OR NOT a.is_live OR a.moves <> p.moves)
    """),
    "proposal_awaits_an_answer": finds("""
        SELECT id AS proposal, state FROM proposals
        WHERE (state = 'open' AND until IS NULL) OR (state IN ('open', 'stands')) <> (over_at IS NULL)
    """),
    "no_reminder_before_the_answer": finds("""
        SELECT p.id AS proposal, m.id AS message FROM proposals p
        JOIN outbox_messages m ON m.about = 'appointment:' || CAST(p.appointment_id AS TEXT)
        WHERE p.state = 'open' AND m.is_open AND m.notice IN ('ticket', 'reminder')
    """),
    "reminder_is_true": finds(
        """
        SELECT a.id AS appointment, m.id AS message FROM outbox_messages m
        JOIN appointments a ON m.about = 'appointment:' || CAST(a.id AS TEXT)
        WHERE m.is_open AND m.notice IN ('reminder', 'ticket')
          AND (a.state IN :cancelled
            OR m.idem_key NOT LIKE '%:' || CAST(a.id AS TEXT) || ':' || CAST(a.moves AS TEXT) || '%')
    """,
        cancelled=CANCELLED,
    ),
    "reminder_of_live_appointment": finds("""
        SELECT a.id AS appointment, m.id AS message FROM outbox_messages m
        JOIN appointments a ON m.about = 'appointment:' || CAST(a.id AS TEXT)
        WHERE m.is_open AND m.notice = 'reminder' AND NOT a.is_live
    """),
    "wish_of_somebody": finds("""
        SELECT w.appointment_id AS appointment FROM appointment_assistance w
        JOIN appointments a ON a.id = w.appointment_id
        WHERE a.person_id IS NULL
    """),
    "answer_for_a_time_it_had": finds("""
        SELECT w.appointment_id AS appointment FROM appointment_assistance w
        JOIN appointments a ON a.id = w.appointment_id
        WHERE w.answered_at_moves > a.moves
    """),
}
