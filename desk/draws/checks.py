"""The invariants of draws: only they give drawn places, a winner has a place or had one, and nobody has two."""

from __future__ import annotations

from desk.draws.rules import PUBLISHED
from desk.parts import Checks, finds

CHECKS: Checks = {
    "drawn_place_is_booked_by_draw": finds("""
        SELECT a.id AS appointment, d.service_id AS service FROM appointments a
        JOIN offices f ON f.id = a.office_id
        JOIN drawn_services d ON d.service_id = a.service_id AND d.province_code = f.province_code
          AND d.last_open_day < a.day
        JOIN draw_settings s ON s.service_id = d.service_id AND s.province_code = d.province_code
        WHERE a.is_live AND a.moves = 0 AND a.created_at > s.changed_at
          AND NOT EXISTS (
            SELECT 1 FROM offer_places p JOIN offer_rounds r ON r.id = p.round_id
            WHERE p.slot_id = a.slot_id AND r.draw_id IS NOT NULL AND r.taken_by IS NOT NULL)
    """),
    # Who was asked has an offer, whose claims are a promise of their subject, or an appointment.
    "winner_has_a_place": finds("""
        SELECT e.draw_id AS draw, sum(e.people) AS won FROM draw_entries e
        JOIN draws w ON w.id = e.draw_id AND w.state = 'drawn'
        WHERE e.places IS NOT NULL AND NOT e.is_asked AND NOT e.is_told
        GROUP BY e.draw_id
        HAVING sum(e.people) > (SELECT count(*) FROM claims c
          WHERE c.kind = 'drawn' AND c.holder LIKE 'draw:' || CAST(e.draw_id AS TEXT) || ':%')
    """),
    "drawn_places_are_kept": finds("""
        SELECT w.id AS draw, w.places, w.state FROM draws w
        WHERE w.state = 'frozen' AND w.places <> (SELECT count(*) FROM claims c
          WHERE c.kind = 'drawn' AND c.holder LIKE 'draw:' || CAST(w.id AS TEXT) || ':%')
    """),
    "draw_over_keeps_nothing": finds("""
        SELECT c.id AS claim, c.holder FROM claims c WHERE c.kind = 'drawn' AND NOT EXISTS (
            SELECT 1 FROM draws w WHERE w.state IN ('frozen', 'drawn')
              AND c.holder LIKE 'draw:' || CAST(w.id AS TEXT) || ':%')
    """),
    "drawn_order_is_whole": finds(
        """
        SELECT w.id AS draw, w.listed, count(e.position) AS placed FROM draws w
        LEFT JOIN draw_entries e ON e.draw_id = w.id
        WHERE w.state IN :published
        GROUP BY w.id, w.listed
        HAVING count(e.position) <> w.listed OR count(DISTINCT e.position) <> w.listed
    """,
        published=PUBLISHED,
    ),
    "no_request_in_two_places": finds("""
        SELECT request_id AS request, count(*) AS offers FROM offers WHERE state = 'accepted'
        GROUP BY request_id HAVING count(*) > 1
    """),
    "draw_announced_with_both_hashes": finds("""
        SELECT id AS draw, state FROM draws
        WHERE state <> 'draft' AND (word_hash IS NULL OR announced_at IS NULL OR announced_at > closes_at)
    """),
    "drawn_service_is_set": finds("""
        SELECT d.service_id AS service, d.province_code AS province FROM drawn_services d
        WHERE NOT EXISTS (SELECT 1 FROM draw_settings s
          WHERE s.service_id = d.service_id AND s.province_code = d.province_code AND s.is_drawn)
    """),
}
