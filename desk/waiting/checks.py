"""The invariants of standing requests and offers: who waits is named, and what is on offer is claimed and told."""

from __future__ import annotations

from desk.parts import Checks, finds
from desk.waiting.rules import LIVE_REQUESTS

CHECKS: Checks = {
    "live_request_has_people": finds(
        """
        SELECT r.id AS request, r.people, count(p.person_id) AS named FROM standing_requests r
        LEFT JOIN standing_request_people p ON p.request_id = r.id
        WHERE r.state IN :live GROUP BY r.id, r.people HAVING count(p.person_id) <> r.people
    """,
        live=LIVE_REQUESTS,
    ),
    "request_that_is_over_names_nobody": finds(
        """
        SELECT r.id AS request, r.state, p.person_id AS person FROM standing_requests r
        JOIN standing_request_people p ON p.request_id = r.id WHERE r.state NOT IN :live
    """,
        live=LIVE_REQUESTS,
    ),
    "request_people_of_its_chat": finds("""
        SELECT r.id AS request, p.person_id AS person FROM standing_requests r
        JOIN standing_request_people p ON p.request_id = r.id
        WHERE r.conversation_id IS NULL OR r.conversation_id <> p.conversation_id OR r.service_id <> p.service_id
    """),
    "live_request_has_a_place": finds(
        """
        SELECT r.id AS request FROM standing_requests r
        WHERE r.state IN :live
          AND NOT EXISTS (SELECT 1 FROM standing_request_places p WHERE p.request_id = r.id)
    """,
        live=LIVE_REQUESTS,
    ),
    "one_request_waits_once": finds("""
        SELECT person_id AS person, service_id AS service, count(*) AS requests FROM standing_request_people
        GROUP BY person_id, service_id, is_contested HAVING count(*) > 1
    """),
    "one_live_offer": finds("""
        SELECT request_id AS request, count(*) AS offers FROM offers WHERE is_live
        GROUP BY request_id HAVING count(*) > 1
    """),
    "live_offer_of_who_waits": finds("""
        SELECT o.id AS offer, r.state FROM offers o JOIN standing_requests r ON r.id = o.request_id
        WHERE o.is_live AND r.state <> 'waiting'
    """),
    "live_offer_in_an_open_round": finds("""
        SELECT o.id AS offer, o.round_id AS round FROM offers o JOIN offer_rounds d ON d.id = o.round_id
        WHERE o.is_live AND NOT d.is_open
    """),
    "open_round_has_a_live_offer": finds("""
        SELECT d.id AS round FROM offer_rounds d
        WHERE d.is_open AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.round_id = d.id AND o.is_live)
    """),
    "round_has_its_claims": finds("""
        SELECT d.id AS round, d.is_open, count(c.id) AS claims FROM offer_rounds d
        LEFT JOIN claims c ON c.kind = 'offer' AND c.holder = 'round:' || CAST(d.id AS TEXT)
        GROUP BY d.id, d.is_open
        HAVING count(c.id) <> (
            SELECT count(*) FROM offer_places p WHERE p.round_id = d.id AND d.is_open)
    """),
    "taken_by_who_accepted": finds("""
        SELECT d.id AS round, d.taken_by, o.id AS offer FROM offer_rounds d
        JOIN offers o ON o.round_id = d.id
        WHERE (o.state = 'accepted') <> (d.taken_by IS NOT NULL AND d.taken_by = o.id)
    """),
    "offer_was_told": finds("""
        SELECT o.id AS offer FROM offers o
        WHERE o.is_live AND NOT EXISTS (
            SELECT 1 FROM outbox_messages m WHERE m.idem_key = 'offer:' || CAST(o.id AS TEXT))
    """),
    # Of those who take any weekday and any hour, and need one place: the others are compared in the tests of the rule.
    "no_place_idle_while_somebody_waits": finds("""
        SELECT r.id AS request, min(s.id) AS slot FROM standing_requests r
        JOIN conversations v ON v.id = r.conversation_id AND v.reachable
        JOIN standing_request_places p ON p.request_id = r.id
        JOIN offices f ON f.id = p.office_id OR f.province_code = p.province_code
        JOIN queues q ON q.office_id = f.id AND q.is_active AND f.is_active
        JOIN queue_services l ON l.queue_id = q.id AND l.service_id = r.service_id AND l.is_active
        JOIN slots s ON s.queue_id = q.id AND s.is_open
        JOIN services x ON x.id = r.service_id
        WHERE r.is_waiting AND (r.people = 1 OR x.is_per_household) AND r.weekdays = 127 AND r.parts = 7
          AND s.day BETWEEN r.from_day AND r.until_day AND s.day <= r.looked_until
          AND s.starts_at >= r.looked_from
          AND ((l.days_ahead IS NULL AND l.opens_at IS NULL) OR s.day <= l.opened_until)
          AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.request_id = r.id AND o.is_live)
          AND NOT EXISTS (SELECT 1 FROM offers o JOIN offer_places e ON e.round_id = o.round_id
            WHERE o.request_id = r.id AND e.slot_id = s.id)
          AND NOT EXISTS (SELECT 1 FROM freed_places z WHERE z.slot_id = s.id)
          AND NOT EXISTS (SELECT 1 FROM drawn_services d WHERE d.service_id = r.service_id
            AND d.province_code = f.province_code AND d.last_open_day < s.day)
          AND NOT EXISTS (SELECT 1 FROM quota_days k WHERE k.queue_id = q.id AND k.service_id = r.service_id
            AND k.day = s.day AND k.taken >= l.most_a_day)
        GROUP BY r.id
    """),
}
