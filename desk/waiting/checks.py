"""The invariants of standing requests: a live one has its people and places, one that is over has no people."""

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
    "place_in_line": finds("""
        SELECT r.id AS request, r.since, r.rank_at FROM standing_requests r
        WHERE (r.class_id IS NULL AND r.rank_at <> r.since) OR r.rank_at > r.since
    """),
}
